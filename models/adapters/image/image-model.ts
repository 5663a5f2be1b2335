import { VitascopeError } from '../../../pipeline/errors.js';
import { chromaShift, type PixelFormat } from '../../../pipeline/picture.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { inspectOnce } from '../../inspected-files.js';
import type { LoadedModel } from '../../loaded-model.js';
import type { ModelSource } from '../../model-source.js';
import { derivedFile } from '../../onnx/derived-file.js';
import { withFreeSize } from '../../onnx/free-size.js';
import { inlineTensor, planeTensor, type SharedTensor, type Tensor, type TensorSpec } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { loadOptionsFor } from '../heavy-model.js';
import { imageSelfTest } from '../picture/image-self-test.js';
import type { Size } from '../picture/letterbox.js';
import { yuvMatrices } from '../picture/yuv-matrices.js';
import { chromaStretch, int64s, planesNamed, rowsOf } from './image-feeds.js';
import { type ImageInterface, imageInterface } from './image-format.js';
import { imageInputStage, imageOutputStage, type Passage } from './image-stages.js';
import { type Stretch, splitSide, type Tile } from './tiles.js';

/** How {@link openImageModel} brings pictures to the network. */
export interface ImageModelOptions {
  /**
   * `whole`: the network sees every picture as a whole, resized to the size it works at, and its image is resized to the output: for networks that
   * look at everything at once, such as styles. `pieces`: the network sees the pixels as they are, in overlapping pieces where the picture is larger
   * than its size or than {@link maxPixels}: for networks that look at a neighbourhood, such as upscalers.
   */
  readonly passage: 'whole' | 'pieces';
  /** For `whole` and a network of free size: the longest short side it sees, pixels. Larger pictures are made smaller for it. Default 720. */
  readonly shortSide?: number | undefined;
  /** For `pieces` and a network of free size: pixels it sees at once; more take more memory. Default 524,288. */
  readonly maxPixels?: number | undefined;
  /** For `pieces`: pixels around what is used that the network sees as well. Even. Default: the family's parameter `overlap`, else 32. */
  readonly overlap?: number | undefined;
}

/** What a picture is to be made of. */
export interface ImageRunOptions {
  /** 0–1, for `whole` only: share of the network's image in the result, the rest is the picture itself. Default 1. */
  readonly strength?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A network that makes a picture of a picture, in the terms of frames. */
export interface ImageModel extends AsyncDisposable {
  readonly id: string;
  /** Output pixels that a pixel becomes on each axis. */
  readonly scale: number;
  /**
   * Fills the planes of `into`, which must be writable, `scale` times as large as `frame` and of its pixel format and tags. Both stay the caller's,
   * and must stay open until the promise settles. Several pictures may be under way.
   *
   * @returns Milliseconds in the runtime.
   * @throws VitascopeError `FRAME_FORMAT` when `into` has another size or format; `MODEL_INVALID`; as `LoadedModel.run`.
   */
  process(frame: VideoFrame, into: VideoFrame, options?: ImageRunOptions): Promise<{ readonly modelMs: number }>;
  /** Gives the model back; runs that were asked for before still end. Idempotent. */
  close(): Promise<void>;
}

const SHORT_SIDE = 720;
const MAX_PIXELS = 2 ** 19;
const OVERLAP = 32;

/**
 * Opens a model of the family `image-to-image`: image → image of the same size or `scale` times larger. Conversion from planes to the image that the
 * network wants, and back, runs in graphs around it; the network itself is loaded with the first picture.
 *
 * Sizes: a file with free sides is fed any size, rounded up to `multipleOf` by repeating the border. A file with one size gets pictures that are
 * resized to it (`whole`; `fit: letterbox` keeps their shape) or pieces of that size. With the parameter `freeSize` a file with one size is
 * taken as one with free sides.
 *
 * @throws VitascopeError `MODEL_NOT_FOUND`; `MODEL_INVALID` when the file does not take one image and give one.
 */
export async function openImageModel(
  model: ModelFiles,
  pool: AdapterPool,
  options: ImageModelOptions,
): Promise<ImageModel> {
  const { path, sha256 } = model.file();
  const { adapter } = model.entry;
  const file = await inspectOnce(path);
  const found = imageInterface(model.id, adapter, file);
  const input = file.inputs.find(({ name }) => name === found.input.name) as TensorSpec;
  const selfTest = imageSelfTest(input, adapter);
  if (found.fixed === undefined || adapter.freeSize !== true) {
    const source = { id: model.id, path, selfTest, ...(sha256 === undefined ? {} : { sha256 }) };
    return new GraphImageModel(model, source, found, pool, options);
  }
  const names = [found.input.name, found.output.name];
  const free = await derivedFile(path, 'free-size', (bytes) => withFreeSize(bytes, names, found.axes));
  return new GraphImageModel(
    model,
    { id: model.id, path: free, selfTest },
    { ...found, fixed: undefined },
    pool,
    options,
  );
}

class GraphImageModel implements ImageModel {
  readonly id: string;
  readonly scale: number;
  readonly #parameters: ModelFiles['entry']['adapter'];
  readonly #source: ModelSource;
  readonly #network: ImageInterface;
  readonly #pool: AdapterPool;
  readonly #options: ImageModelOptions;
  readonly #passage: Passage;
  readonly #loaded = new Map<PixelFormat, Promise<LoadedModel>>();
  #closed = false;

  constructor(
    { id, entry }: ModelFiles,
    source: ModelSource,
    network: ImageInterface,
    pool: AdapterPool,
    options: ImageModelOptions,
  ) {
    this.id = id;
    this.scale = entry.adapter.scale ?? 1;
    this.#parameters = entry.adapter;
    this.#source = source;
    this.#network = network;
    this.#pool = pool;
    this.#options = options;
    this.#passage = options.passage === 'whole' ? 'whole' : network.fixed === undefined ? 'strips' : 'tiles';
  }

  async process(frame: VideoFrame, into: VideoFrame, options: ImageRunOptions = {}): Promise<{ modelMs: number }> {
    this.#check(frame, into);
    const model = await this.#model(frame.pixelFormat);
    if (this.#passage === 'whole') return { modelMs: await this.#whole(model, frame, into, options) };
    let modelMs = 0;
    const { rows, columns } = this.#tiles(frame);
    for (const row of rows) {
      for (const column of columns) modelMs += await this.#piece(model, frame, into, row, column, options.signal);
    }
    return { modelMs };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const loaded = await Promise.allSettled(this.#loaded.values());
    await Promise.allSettled(loaded.map((model) => (model.status === 'fulfilled' ? model.value.close() : undefined)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #check(frame: VideoFrame, into: VideoFrame): void {
    const [width, height] = [frame.width * this.scale, frame.height * this.scale];
    if (into.width === width && into.height === height && into.pixelFormat === frame.pixelFormat) return;
    throw new VitascopeError(
      'FRAME_FORMAT',
      `model ${this.id}: the output must be ${width}×${height} ${frame.pixelFormat}, got ${into.width}×${into.height} ${into.pixelFormat}`,
      { context: { width: into.width, height: into.height, pixelFormat: into.pixelFormat } },
    );
  }

  async #whole(model: LoadedModel, frame: VideoFrame, into: VideoFrame, options: ImageRunOptions): Promise<number> {
    const inner = this.#workingSize(frame);
    const canvas = this.#canvas(inner);
    const feeds = {
      ...this.#pictureFeeds(frame, into, wholeSide(frame.height)),
      innerSize: int64s(inner.height, inner.width),
      margins: int64s(canvas.height - inner.height, canvas.width - inner.width),
      crop: int64s(0, 0, inner.height * this.scale, inner.width * this.scale),
      outSize: int64s(into.height, into.width),
      strength: inlineTensor('float32', [], Float32Array.of(options.strength ?? 1)),
      ...planesNamed('original', [planeTensor(frame, 0), planeTensor(frame, 1), planeTensor(frame, 2)]),
    };
    return this.#run(model, feeds, rowsOf(into, wholeSide(into.height)), options.signal);
  }

  /** One piece of the picture; the caller has seen to it that the pieces of a row come one after another. */
  async #piece(
    model: LoadedModel,
    frame: VideoFrame,
    into: VideoFrame,
    row: Tile,
    column: Tile,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const { scale } = this;
    const shift = chromaShift(frame.pixelFormat);
    const [rows, columns] = [chromaStretch(row.seen, shift.y), chromaStretch(column.seen, shift.x)];
    const inner = { height: lengthOf(row.seen), width: lengthOf(column.seen) };
    const canvas = this.#canvas(inner);
    const [top, left] = [row.used.start - row.seen.start, column.used.start - column.seen.start];
    const [bottom, right] = [top + lengthOf(row.used), left + lengthOf(column.used)];
    const targets = rowsOf(into, { start: row.used.start * scale, end: row.used.end * scale });
    const feeds: Record<string, Tensor> = {
      ...this.#pictureFeeds(frame, into, row.seen),
      chromaSize: int64s(lengthOf(rows) << shift.y, lengthOf(columns) << shift.x),
      margins: int64s(canvas.height - inner.height, canvas.width - inner.width),
      crop: int64s(top * scale, left * scale, bottom * scale, right * scale),
    };
    if (this.#passage === 'tiles') {
      const place = { start: column.used.start * scale, end: column.used.end * scale };
      const chromaPlace = chromaStretch(place, shift.x);
      Object.assign(feeds, planesNamed('canvas', targets), {
        columns: int64s(column.seen.start, column.seen.end),
        chromaColumns: int64s(columns.start, columns.end),
        place: int64s(place.start, place.end),
        chromaPlace: int64s(chromaPlace.start, chromaPlace.end),
      });
    }
    return this.#run(model, feeds, targets, signal);
  }

  /** Output that is large enough to count as HD without a tag is written as HD, since that is how it will be read. */
  #pictureFeeds(frame: VideoFrame, into: VideoFrame, rows: Stretch): Record<string, Tensor> {
    const [y, cb, cr] = rowsOf(frame, rows);
    return { y, cb, cr, toRgb: yuvMatrices(frame).toRgb, fromRgb: yuvMatrices(into).fromRgb };
  }

  async #run(
    model: LoadedModel,
    feeds: Record<string, Tensor>,
    targets: readonly [SharedTensor, SharedTensor, SharedTensor],
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const outputs = { outY: targets[0], outCb: targets[1], outCr: targets[2] };
    return (await model.run(feeds, { outputs, signal })).modelMs;
  }

  /** What of the network's canvas the picture takes. */
  #workingSize({ width, height }: Size): Size {
    const { fixed } = this.#network;
    if (fixed !== undefined && this.#parameters.fit !== 'letterbox') return fixed;
    const most = fixed ?? { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };
    const short = fixed === undefined ? (this.#options.shortSide ?? SHORT_SIDE) / Math.min(width, height) : Infinity;
    const ratio = Math.min(fixed === undefined ? 1 : Infinity, short, most.width / width, most.height / height);
    return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) };
  }

  #canvas(inner: Size): Size {
    if (this.#network.fixed !== undefined) return this.#network.fixed;
    const { multipleOf = 1, multiplePlus = 0, sizeRange } = this.#parameters;
    const side = (length: number): number => {
      const least = Math.max(length, sizeRange?.[0] ?? 1);
      return Math.ceil(Math.max(0, least - multiplePlus) / multipleOf) * multipleOf + multiplePlus;
    };
    return { width: side(inner.width), height: side(inner.height) };
  }

  #tiles({ width, height }: Size): { rows: readonly Tile[]; columns: readonly Tile[] } {
    const { fixed } = this.#network;
    const { overlap: own } = this.#parameters;
    const wanted = this.#options.overlap ?? (typeof own === 'number' ? own : OVERLAP);
    if (fixed !== undefined) {
      const overlapOf = (side: number): number => even(Math.min(wanted, side / 4));
      const split = (length: number, side: number): readonly Tile[] => splitSide(length, even(side), overlapOf(side));
      return { rows: split(height, fixed.height), columns: split(width, fixed.width) };
    }
    const overlap = even(wanted);
    const rows = Math.max(4 * overlap, 16, even((this.#options.maxPixels ?? MAX_PIXELS) / width));
    return { rows: splitSide(height, rows, overlap), columns: [{ seen: wholeSide(width), used: wholeSide(width) }] };
  }

  #model(pixelFormat: PixelFormat): Promise<LoadedModel> {
    const known = this.#loaded.get(pixelFormat);
    if (known !== undefined) return known;
    const loading = this.#load(pixelFormat);
    this.#loaded.set(pixelFormat, loading);
    return loading;
  }

  async #load(pixelFormat: PixelFormat): Promise<LoadedModel> {
    if (this.#closed) throw new VitascopeError('ABORTED', `model ${this.id} was asked for after the end`);
    const { input, output } = this.#network;
    const stage = { passage: this.#passage, pixelFormat, input, output };
    const before = [{ id: 'picture', model: imageInputStage(stage) }];
    const after = [{ id: 'planes', model: imageOutputStage(stage) }];
    return this.#pool.load({ ...this.#source, before, after }, await loadOptionsFor(this.#source.path));
  }
}

function wholeSide(length: number): Stretch {
  return { start: 0, end: length };
}

function lengthOf({ start, end }: Stretch): number {
  return end - start;
}

function even(length: number): number {
  return Math.floor(length / 2) * 2;
}
