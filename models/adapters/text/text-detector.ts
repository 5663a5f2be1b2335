import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { imageParameters } from '../picture/image-parameters.js';
import { imageSelfTest } from '../picture/image-self-test.js';
import { imageInput } from '../picture/input-size.js';
import { placementFeeds, placePicture, sizeInSteps, toPicture } from '../picture/letterbox.js';
import { modelTensors, outputAt } from '../picture/model-tensors.js';
import { PictureNetwork } from '../picture/picture-network.js';
import { pictureStage } from '../picture/picture-stage.js';
import { unknownFamily } from '../unknown-family.js';
import { type DbBox, type DbBoxOptions, type DbMap, dbBoxes } from './db-boxes.js';
import { dbStage } from './db-stage.js';
import { numberOf } from './parameters.js';
import type { Point, Quad } from './quad.js';

/** A place where text stands. */
export interface TextBox {
  readonly quad: Quad;
  /** 0–1. */
  readonly score: number;
}

/** How text is looked for. */
export interface TextDetectOptions {
  /** The frame is scaled so that its longer side has at most this many pixels; smaller ones are not enlarged. Default 960. */
  readonly longestSide?: number | undefined;
  /** Boxes below this score are dropped, 0–1. Default: the model's own. */
  readonly minScore?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Finds lines of text. */
export interface TextDetector extends AsyncDisposable {
  /**
   * Boxes around the lines of text in a frame, from above. The frame stays the caller's and must stay open until the promise settles.
   *
   * @throws VitascopeError what `LoadedModel.run` throws; the signal's reason.
   */
  detect(frame: VideoFrame, options?: TextDetectOptions): Promise<readonly TextBox[]>;
}

/** What PaddleOCR does; larger pictures are not worth their time. */
const LONGEST_SIDE = 960;
/** Boxes thinner than this are noise, pixels of the map. */
const MIN_SIDE = 3;

/**
 * Opens a model of the family `db-text-detect`.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`.
 */
export async function openTextDetector(model: ModelFiles, pool: AdapterPool): Promise<TextDetector> {
  const who = `openTextDetector(${model.id})`;
  if (model.entry.family !== 'db-text-detect') throw unknownFamily(who, model, ['db-text-detect']);
  const { adapter } = model.entry;
  const tensors = await modelTensors(who, model);
  const input = imageInput(who, tensors.inputs[0], adapter).spec;
  const map = outputAt(who, tensors, 0, 'a map of probabilities');
  const { format } = imageParameters(who, { ...adapter, fit: 'stretch' }, input.type);
  const network = await PictureNetwork.open(
    model,
    pool,
    {
      before: (planes) => pictureStage({ ...format, output: input.name, planes }),
      after: [
        dbStage(map.name, { threshold: numberOf(adapter, 'threshold', 0.3), logits: adapter.activation === 'sigmoid' }),
      ],
      selfTest: imageSelfTest(input, adapter),
    },
    true,
  );
  const boxes = {
    boxScore: numberOf(adapter, 'boxScore', 0.5),
    unclip: numberOf(adapter, 'unclip', 1.6),
    minSide: MIN_SIDE,
  };
  return new DbTextDetector(network, boxes, {
    multiple: adapter.multipleOf ?? 32,
    longest: adapter.sizeRange?.[1] ?? Infinity,
  });
}

class DbTextDetector implements TextDetector {
  readonly #network: PictureNetwork;
  readonly #boxes: DbBoxOptions;
  readonly #sides: { readonly multiple: number; readonly longest: number };

  constructor(
    network: PictureNetwork,
    boxes: DbBoxOptions,
    sides: { readonly multiple: number; readonly longest: number },
  ) {
    this.#network = network;
    this.#boxes = boxes;
    this.#sides = sides;
  }

  async detect(frame: VideoFrame, options: TextDetectOptions = {}): Promise<readonly TextBox[]> {
    const longest = Math.min(options.longestSide ?? LONGEST_SIDE, this.#sides.longest);
    const placement = placePicture(frame, sizeInSteps(frame, this.#sides.multiple, longest), { fit: 'stretch' });
    const outputs = await this.#network.run(frame, placementFeeds(placement), { signal: options.signal });
    const found = dbBoxes(outputs as DbMap, { ...this.#boxes, boxScore: options.minScore ?? this.#boxes.boxScore });
    const inFrame = ([x, y]: Point): Point => {
      const point = toPicture(placement, x, y);
      return [clamp(point.x, frame.width), clamp(point.y, frame.height)];
    };
    return found.map(({ quad, score }: DbBox) => ({ quad: quad.map(inFrame) as unknown as Quad, score }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
