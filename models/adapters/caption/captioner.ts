import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { InlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { imageParameters } from '../picture/image-parameters.js';
import { imageInput, inputSize } from '../picture/input-size.js';
import { placementFeeds } from '../picture/letterbox.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { PictureNetwork } from '../picture/picture-network.js';
import { pictureStage } from '../picture/picture-stage.js';
import { placeFrame } from '../picture/place-frame.js';
import { generationConfig } from '../translate/generation.js';
import { searchTexts } from '../translate/search.js';
import { TextDecoder } from '../translate/text-decoder.js';
import { TextTokenizer } from '../translate/text-tokenizer.js';
import { unknownFamily } from '../unknown-family.js';

/** How a caption is searched for. */
export interface CaptionOptions {
  /** Captions that are followed at once; 1 is greedy, and fastest. Default: what the model's maker used, at most 4. */
  readonly beams?: number | undefined;
  /** Tokens of a caption at most. Default 32. */
  readonly maxTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a picture shows, in words. */
export interface Caption {
  readonly text: string;
  /** Geometric mean of the probabilities of its tokens, 0–1. */
  readonly score: number;
}

/** Says what pictures show. */
export interface Captioner extends AsyncDisposable {
  /**
   * A sentence about a frame, which stays the caller's and must stay open until the promise settles.
   *
   * @throws VitascopeError what `LoadedModel.run` throws; the signal's reason.
   */
  caption(frame: VideoFrame, options?: CaptionOptions): Promise<Caption>;
}

const MAX_BEAMS = 4;
const MAX_TOKENS = 32;
/** Captions that go round in circles are cut at the third word. */
const NO_REPEAT = 3;

/**
 * Opens a model of the family `vision-seq2seq`: an encoder of images and a decoder of text, in the layout of transformers.js.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`.
 */
export async function openCaptioner(model: ModelFiles, pool: AdapterPool): Promise<Captioner> {
  const who = `openCaptioner(${model.id})`;
  if (model.entry.family !== 'vision-seq2seq') throw unknownFamily(who, model, ['vision-seq2seq']);
  const [config, tokenizer] = await Promise.all([generationConfig(who, model), TextTokenizer.open(who, model)]);
  const encoder = await openEncoder(who, model, pool);
  try {
    const decoder = await TextDecoder.open(who, model, pool);
    return {
      caption: async (frame, { beams, maxTokens, signal } = {}) => {
        const states = await encoder.encode(frame, signal);
        const rules = {
          start: [config.start],
          end: config.end,
          banned: new Set(config.banned),
          maxTokens: Math.min(maxTokens ?? MAX_TOKENS, config.maxTokens - 1),
          noRepeat: NO_REPEAT,
          beams: beams ?? Math.min(config.beams, MAX_BEAMS),
          lengthPenalty: config.lengthPenalty,
        };
        const [written] = await searchTexts(decoder.begin({ states }), 1, rules, signal);
        return { text: tokenizer.decode(written?.tokens ?? []), score: written?.score ?? 0 };
      },
      [Symbol.asyncDispose]: async () => {
        await Promise.all([encoder.network[Symbol.asyncDispose](), decoder[Symbol.asyncDispose]()]);
      },
    };
  } catch (error) {
    await encoder.network[Symbol.asyncDispose]();
    throw error;
  }
}

interface Encoder {
  readonly network: PictureNetwork;
  encode(frame: VideoFrame, signal: AbortSignal | undefined): Promise<InlineTensor>;
}

async function openEncoder(who: string, model: ModelFiles, pool: AdapterPool): Promise<Encoder> {
  const { adapter } = model.entry;
  const tensors = await modelTensors(who, model, 'encoder.onnx');
  const input = imageInput(who, tensors.inputs[0], adapter);
  const { name } = outputAt(who, tensors, 0, 'states [1, s, d]');
  const { format, fit, pad, interpolation } = imageParameters(who, adapter, input.spec.type);
  const files: ModelFiles = {
    id: `${model.id}, encoder`,
    entry: model.entry,
    file: () => model.file('encoder.onnx'),
  };
  const before = (planes: 'uint8' | 'uint16') =>
    pictureStage({ ...format, output: input.spec.name, planes, pad, interpolation });
  const network = await PictureNetwork.open(files, pool, { before }, true);
  return {
    network,
    encode: async (frame, signal) => {
      const placement = placeFrame(frame, inputSize(who, input, adapter, frame), fit);
      const outputs = await network.run(frame, placementFeeds(placement), { outputs: [name], signal });
      return outputs[name] as InlineTensor;
    },
  };
}
