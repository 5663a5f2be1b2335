import type { ColorNetwork } from '../../models/adapters/colorize/color-network.js';
import type { InferencePool } from '../../models/inference-pool.js';
import type { LoadedModel } from '../../models/loaded-model.js';
import { type InlineTensor, inlineTensor, planeTensor, type SharedTensor, type Tensor } from '../../models/tensor.js';
import { type VideoFrame, VitascopeError } from '../../pipeline/index.js';
import type { ColorChoice } from './color-choice.js';
import { type ColorCoding, colorCoding } from './color-coding.js';
import type { FrameColors } from './frame-colors.js';
import type { ModelFolder } from './model-folder.js';
import type { PictureBox } from './picture-box.js';

/** How strongly to paint. */
export interface PaintSettings {
  /** 0–1, see `colorize`. */
  readonly strength: number;
  /** 0–3. */
  readonly saturation: number;
}

/** What {@link ColorModel.steady} goes by. */
export interface SteadySettings {
  /** Colours of the frame before; nothing at the start, and where they belong to another part of the picture. */
  readonly previous: FrameColors | undefined;
  readonly hasPrediction: boolean;
  /** 0–1: share of the carried colours. */
  readonly temporal: number;
}

/** What colour models need of an inference pool. */
export type ModelPool = Pick<InferencePool, 'load' | 'workers'>;

type Depth = 'u8' | 'u16';

/**
 * The graphs of a colour model on an inference pool, each loaded when it is first used and given back by {@link close}.
 * Every method gives the milliseconds it spent in the runtime, and rejects as `LoadedModel.run` does.
 * Memory of frames and {@link FrameColors} belongs to the run until the promise settles.
 */
export class ColorModel {
  readonly #pool: ModelPool;
  readonly #choice: ColorChoice;
  readonly #folder: ModelFolder;
  readonly #loaded = new Map<string, Promise<LoadedModel>>();
  #closed = false;

  constructor(pool: ModelPool, choice: ColorChoice) {
    this.#pool = pool;
    this.#choice = choice;
    this.#folder = choice.folder;
  }

  /** Luma inside the box → `into.thumb`, and what a network of its own sees. */
  async thumbnail(frame: VideoFrame, box: PictureBox, into: FrameColors, signal: AbortSignal): Promise<number> {
    const ms = await this.#shrink(frame, box, into.thumb, signal);
    if (this.#choice.network === undefined) return ms;
    const side = (await this.#choice.network()).sideFor(this.#choice.wantedSide);
    return ms + (await this.#shrink(frame, box, into.sight(side), signal));
  }

  /** The network: `colors.thumb` → `colors.predicted`. */
  async predict(colors: FrameColors, signal: AbortSignal): Promise<number> {
    if (this.#choice.network !== undefined) return this.#predictElsewhere(this.#choice.network, colors, signal);
    const model = await this.#model('model.onnx');
    const feeds = { thumb: colors.thumb, temperature: float32(this.#folder.temperature) };
    return (await model.run(feeds, { outputs: { cbcr: colors.predicted }, signal })).modelMs;
  }

  /**
   * `colors.predicted` and what is carried over from the frame before → `colors.steady`.
   *
   * `cut` tells that nothing could be carried over because another shot begins: without a prediction `colors.steady` is
   * then neutral.
   */
  async steady(
    colors: FrameColors,
    settings: SteadySettings,
    signal: AbortSignal,
  ): Promise<{ cut: boolean; ms: number }> {
    const model = await this.#model('propagate.onnx');
    const { previous, hasPrediction, temporal } = settings;
    const feeds = {
      thumb: colors.thumb,
      cbcr: colors.predicted,
      previousThumb: (previous ?? colors).thumb,
      previousCbcr: (previous ?? colors).steady,
      hasPrediction: float32(hasPrediction ? 1 : 0),
      hasPrevious: float32(previous === undefined ? 0 : 1),
      strength: float32(temporal),
      cutThreshold: float32(this.#folder.cutThreshold),
    };
    const result = await model.run(feeds, { outputs: { stable: colors.steady, cut: 'inline' }, signal });
    return { cut: Number(result.outputs.cut.data[0]) > this.#folder.cutThreshold, ms: result.modelMs };
  }

  /** `from` (`colors.steady` or `.predicted`) and the luma of `frame` → the chroma planes of `frame`, which must be writable. */
  async paint(
    frame: VideoFrame,
    box: PictureBox,
    colors: FrameColors,
    from: 'predicted' | 'steady',
    settings: PaintSettings,
    signal: AbortSignal,
  ): Promise<number> {
    const keep = 1 - settings.strength;
    const model = await this.#model(`${keep > 0 ? 'upsample-blend' : 'upsample'}.${depthOf(frame)}.onnx`);
    const coding = colorCoding(frame);
    const gain = settings.strength * settings.saturation;
    const [, cb, cr] = frame.planes;
    const feeds: Record<string, Tensor> = {
      ...lumaFeeds(frame, coding),
      thumb: colors.thumb,
      cbcr: colors[from],
      gain: inlineTensor(
        'float32',
        [2],
        Float32Array.from(coding.chromaGain, (codes) => codes * gain),
      ),
      limit: float32(coding.chromaLimit),
      chromaZero: code(frame, coding.chromaZero),
      box: boxTensor(box),
      size: int64s(cb.height, cr.width),
    };
    if (keep > 0) {
      feeds.keep = float32(keep);
      feeds.originalCb = planeTensor(frame, 1);
      feeds.originalCr = planeTensor(frame, 2);
    }
    const outputs = { cb: planeTensor(frame, 1), cr: planeTensor(frame, 2) };
    return (await model.run(feeds, { outputs, signal })).modelMs;
  }

  /** Gives the models back; runs that were asked for before still end. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    const loaded = await Promise.allSettled(this.#loaded.values());
    await Promise.allSettled(loaded.map((model) => (model.status === 'fulfilled' ? model.value.close() : undefined)));
  }

  async #shrink(frame: VideoFrame, box: PictureBox, thumb: SharedTensor, signal: AbortSignal): Promise<number> {
    const model = await this.#model(`thumbnail.${depthOf(frame)}.onnx`);
    const [, , height = 0, width = 0] = thumb.shape;
    const feeds = { ...lumaFeeds(frame), box: boxTensor(box), size: int64s(height, width) };
    return (await model.run(feeds, { outputs: { thumb }, signal })).modelMs;
  }

  async #predictElsewhere(
    network: () => Promise<ColorNetwork>,
    colors: FrameColors,
    signal: AbortSignal,
  ): Promise<number> {
    const { source, load, sideFor } = await network();
    const model = await this.#loadOnce(source.path, () => this.#pool.load(source, load));
    const feeds = { sight: colors.sight(sideFor(this.#choice.wantedSide)), thumb: colors.thumb };
    return (await model.run(feeds, { outputs: { cbcr: colors.predicted }, signal })).modelMs;
  }

  #model(file: string): Promise<LoadedModel> {
    return this.#loadOnce(file, () => this.#pool.load(this.#folder.source(file)));
  }

  #loadOnce(file: string, load: () => Promise<LoadedModel>): Promise<LoadedModel> {
    const known = this.#loaded.get(file);
    if (known !== undefined) return known;
    const loading = this.#load(file, load);
    this.#loaded.set(file, loading);
    return loading;
  }

  async #load(file: string, load: () => Promise<LoadedModel>): Promise<LoadedModel> {
    if (this.#closed) throw new VitascopeError('ABORTED', `colorize: ${file} was asked for after the end`);
    return load();
  }
}

function depthOf(frame: VideoFrame): Depth {
  return frame.bitDepth === 8 ? 'u8' : 'u16';
}

function lumaFeeds(frame: VideoFrame, coding: ColorCoding = colorCoding(frame)): Record<string, Tensor> {
  return {
    luma: planeTensor(frame, 0),
    lumaScale: float32(coding.lumaScale),
    lumaZero: code(frame, coding.lumaZero),
  };
}

function float32(value: number): InlineTensor {
  return inlineTensor('float32', [], Float32Array.of(value));
}

/** A scalar of the type of the frame's samples. */
function code(frame: VideoFrame, value: number): InlineTensor {
  return frame.bitDepth === 8
    ? inlineTensor('uint8', [], Uint8Array.of(value))
    : inlineTensor('uint16', [], Uint16Array.of(value));
}

function int64s(...values: number[]): InlineTensor {
  return inlineTensor('int64', [values.length], BigInt64Array.from(values, BigInt));
}

function boxTensor({ top, left, bottom, right }: PictureBox): InlineTensor {
  return int64s(top, left, bottom, right);
}
