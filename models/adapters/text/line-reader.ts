import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { AdapterParameters } from '../../catalog/adapter-parameters.js';
import type { Tensor } from '../../tensor.js';
import { inlineTensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { modelTensors } from '../picture/model-tensors.js';
import { unknownFamily } from '../unknown-family.js';
import { type Alphabet, checkAlphabet, ppocrAlphabet, tesseractAlphabet } from './alphabet.js';
import { CharacterModel } from './character-model.js';
import { type CtcSteps, greedyCtc, type ReadLine } from './ctc.js';
import { beamCtc, type CtcPrior } from './ctc-beam.js';
import { ctcStage, ctcSteps } from './ctc-stage.js';
import { LineNetwork } from './line-network.js';
import type { LineOptions } from './line-orientation.js';
import { numberOf, textOf } from './parameters.js';
import { grownQuad, lyingQuad, type Quad } from './quad.js';
import { tesseractContrast } from './tesseract-contrast.js';

/** How lines are read. */
export interface LineReadOptions extends LineOptions {
  /**
   * Beginnings of a line that are followed at once; 1 takes the likeliest class of each step, and leaves the model of characters out. Default: 8 where the model
   * has one, else 1.
   */
  readonly beam?: number | undefined;
  /**
   * Lines are read with this much room around them, times their height: boxes of detectors cut off accents and the tops of letters, which Tesseract
   * needs; 0.15 suits those of PP-OCR. Default 0.
   */
  readonly margin?: number | undefined;
}

/** Reads lines of text. */
export interface LineReader extends AsyncDisposable {
  /** BCP 47. */
  readonly languages: readonly string[];
  /**
   * Reads the lines in these quadrangles, in their order. Text begins at the first corner; narrow and high quadrangles count as text that runs
   * downwards. The frame stays the caller's and must stay open until the promise settles.
   *
   * @throws VitascopeError what `LoadedModel.run` throws; `INFERENCE_INPUT` for a quadrangle that is none; the signal's reason.
   */
  read(frame: VideoFrame, quads: readonly Quad[], options?: LineReadOptions): Promise<readonly ReadLine[]>;
}

/** Lines that were read worse than this are tried as light text on dark, as Tesseract does. */
const INVERT_BELOW = 0.7;
const BEAM = 32;
/** The network halves and thirds what it is given. */
const LEAST_WIDTH = 12;

/**
 * Opens a model of the families `ctc-ppocr` and `ctc-tesseract`.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`.
 */
export async function openLineReader(model: ModelFiles, pool: AdapterPool): Promise<LineReader> {
  const who = `openLineReader(${model.id})`;
  const { family } = model.entry;
  if (family === 'ctc-ppocr') return openPpocr(who, model, pool);
  if (family === 'ctc-tesseract') return openTesseract(who, model, pool);
  throw unknownFamily(who, model, ['ctc-ppocr', 'ctc-tesseract']);
}

async function openPpocr(who: string, model: ModelFiles, pool: AdapterPool): Promise<LineReader> {
  const alphabet = await ppocrAlphabet(who, model);
  const decode = lineDecoder(alphabet, await characterPrior(who, model));
  const { network, languages } = await openNetwork(who, model, pool, alphabet, false);
  return {
    languages,
    read: (frame, quads, options) => readLines(network, decode, frame, quads, {}, options),
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

async function openTesseract(who: string, model: ModelFiles, pool: AdapterPool): Promise<LineReader> {
  const alphabet = await tesseractAlphabet(who, model);
  const decode = lineDecoder(alphabet, await characterPrior(who, model));
  const { network, languages } = await openNetwork(who, grayLines(model), pool, alphabet, true);
  const polarity = (inverted: boolean) => ({ invert: inlineTensor('float32', [1], Float32Array.of(inverted ? 1 : 0)) });
  return {
    languages,
    read: async (frame, quads, options) => {
      const lines = await readLines(network, decode, frame, quads, polarity(false), options);
      const doubtful = lines.flatMap(({ score }, i) => (score < INVERT_BELOW ? i : []));
      const again = doubtful.map((i) => quads[i] as Quad);
      const inverted = await readLines(network, decode, frame, again, polarity(true), options);
      inverted.forEach((line, i) => {
        const at = doubtful[i] as number;
        if (line.score > (lines[at]?.score ?? 0)) lines[at] = line;
      });
      return lines;
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

/** The same model with the image that {@link tesseractContrast} begins with. */
function grayLines(model: ModelFiles): ModelFiles {
  const { size, ...parameters } = model.entry.adapter;
  const adapter: AdapterParameters = {
    ...parameters,
    layout: 'NCHW',
    channels: 'gray',
    range: [0, 255],
    mean: undefined,
    std: undefined,
    fit: 'height',
    // The width is free, down to a few steps of the network.
    ...(size === undefined ? {} : { size: [size[0], LEAST_WIDTH] }),
  };
  return { id: model.id, entry: { ...model.entry, adapter }, file: (name) => model.file(name) };
}

async function openNetwork(who: string, model: ModelFiles, pool: AdapterPool, alphabet: Alphabet, tesseract: boolean) {
  const { adapter } = model.entry;
  const { inputs, outputs } = await modelTensors(who, model);
  checkAlphabet(who, alphabet, outputs[0]?.shape[2]);
  const height = inputs[0]?.shape[2];
  const rows = typeof height === 'number' ? height : (adapter.size?.[0] ?? 36);
  const network = await LineNetwork.open(who, model, pool, {
    after: (output) => [ctcStage(output, { stepsFirst: tesseract, logits: adapter.activation === 'softmax' })],
    ...(tesseract ? { finish: (graph, image) => tesseractContrast(graph, image, rows) } : {}),
  });
  return { network, languages: adapter.languages ?? [] };
}

/** How a line becomes text, given how many beginnings are asked for. */
type LineDecoder = (steps: CtcSteps, beam: number | undefined) => ReadLine;

function lineDecoder(alphabet: Alphabet, prior: CtcPrior | undefined): LineDecoder {
  return (steps, beam = prior === undefined ? 1 : BEAM) =>
    beam > 1 ? beamCtc(steps, alphabet, { beam, prior }) : greedyCtc(steps, alphabet);
}

/** The model of characters that the family parameter `characterModel` names, with `characterWeight` and `characterBonus`. */
async function characterPrior(who: string, model: ModelFiles): Promise<CtcPrior | undefined> {
  const { adapter } = model.entry;
  const file = textOf(adapter, 'characterModel');
  if (file === undefined) return undefined;
  return {
    model: await CharacterModel.open(who, model.file(file).path),
    weight: numberOf(adapter, 'characterWeight', 0.4),
    bonus: numberOf(adapter, 'characterBonus', 1),
  };
}

function readLines(
  network: LineNetwork,
  decode: LineDecoder,
  frame: VideoFrame,
  quads: readonly Quad[],
  feeds: Readonly<Record<string, Tensor>>,
  { beam, margin = 0, signal }: LineReadOptions = {},
): Promise<ReadLine[]> {
  const lines = quads.map((quad) => grownQuad(lyingQuad(quad), margin));
  return network.run(frame, lines, feeds, (outputs) => ctcSteps(outputs).map((steps) => decode(steps, beam)), signal);
}
