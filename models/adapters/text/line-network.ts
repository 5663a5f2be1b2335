import { VitascopeError } from '../../../pipeline/errors.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import type { GraphStage } from '../../model-source.js';
import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';
import type { InlineTensor, Tensor } from '../../tensor.js';
import type { AdapterPool, ModelFiles } from '../adapter.js';
import { imageParameters } from '../picture/image-parameters.js';
import { imageSelfTest } from '../picture/image-self-test.js';
import { imageInput } from '../picture/input-size.js';
import { modelTensors } from '../picture/model-tensors.js';
import { PictureNetwork } from '../picture/picture-network.js';
import { lineFeeds, lineStage, type PlacedLine } from './line-stage.js';
import { numberOf } from './parameters.js';
import { lyingQuad, type Quad, quadSize } from './quad.js';

export interface LineNetworkOptions {
  /** The graphs after the network, by the name of its first output. */
  readonly after: (output: string) => readonly GraphStage[];
  /** See `LineStageOptions`. */
  readonly finish?: (graph: GraphBuilder, image: Value) => Value;
}

/** Lines that one run reads at most. */
const MAX_BATCH = 8;
/** Runs that are under way at once, so that a page of text does not fill the pool's queue. */
const CONCURRENCY = 4;
/** Widest line, heights of a line; longer ones are squeezed. */
const MAX_ASPECT = 100;

/** One run: some lines of a frame, on a canvas of one size. */
export interface LineBatch {
  readonly lines: readonly PlacedLine[];
  readonly size: { readonly width: number; readonly height: number };
}

/** Width of the canvas, pixels: fixed, or what it has at least, and right of the widest line. */
type CanvasWidth = { readonly fixed: number } | { readonly least: number; readonly padRight: number };

/** A network that looks at lines of text in frames, in batches of lines of similar widths where its file allows. */
export class LineNetwork implements AsyncDisposable {
  readonly #network: PictureNetwork;
  readonly #height: number;
  readonly #width: CanvasWidth;
  readonly #stretch: boolean;
  readonly #batch: number;

  private constructor(network: PictureNetwork, height: number, width: CanvasWidth, stretch: boolean, batch: number) {
    this.#network = network;
    this.#height = height;
    this.#width = width;
    this.#stretch = stretch;
    this.#batch = batch;
  }

  /**
   * @param model Its family parameter `padRight` is how much of `pad` stands right of every line at least, pixels, where the width is free.
   * @throws VitascopeError `MODEL_NOT_FOUND`, `MODEL_INVALID`.
   */
  static async open(
    who: string,
    model: ModelFiles,
    pool: AdapterPool,
    options: LineNetworkOptions,
  ): Promise<LineNetwork> {
    const { adapter } = model.entry;
    const tensors = await modelTensors(who, model);
    const input = imageInput(who, tensors.inputs[0], adapter);
    const [height, width] = [fixedSide(input.spec.shape[2]) ?? adapter.size?.[0], fixedSide(input.spec.shape[3])];
    if (height === undefined) {
      throw new VitascopeError(
        'MODEL_INVALID',
        `${who}: neither the file nor its parameters tell the height of a line`,
      );
    }
    const { format, pad } = imageParameters(who, { ...adapter, fit: 'stretch' }, input.spec.type);
    const finish = options.finish === undefined ? {} : { finish: options.finish };
    const stages = {
      before: (planes: 'uint8' | 'uint16') =>
        lineStage({ ...format, output: input.spec.name, planes, height, pad, ...finish }),
      after: options.after(tensors.outputs[0]?.name ?? ''),
      selfTest: imageSelfTest(input.spec, adapter),
    };
    const network = await PictureNetwork.open(model, pool, stages, true);
    const free = adapter.fit === 'height' && model.entry.family !== 'line-orientation';
    const canvas =
      free && width === undefined
        ? { least: adapter.size?.[1] ?? 1, padRight: numberOf(adapter, 'padRight', 0) }
        : { fixed: width ?? adapter.size?.[1] ?? 1 };
    return new LineNetwork(network, height, canvas, adapter.fit === 'stretch', input.batch ?? MAX_BATCH);
  }

  /**
   * Runs on all lines and hands the outputs of each run to `read`; results are in the order of the lines.
   *
   * @param feeds What the stages need beside picture and lines.
   */
  async run<T>(
    frame: VideoFrame,
    quads: readonly Quad[],
    feeds: Readonly<Record<string, Tensor>>,
    read: (outputs: Readonly<Record<string, InlineTensor>>, batch: LineBatch) => readonly T[],
    signal?: AbortSignal,
  ): Promise<T[]> {
    const lines = quads.map((quad, index) => ({ ...this.#placed(lyingQuad(quad)), index }));
    lines.sort((a, b) => a.width - b.width);
    const batches = chunks(lines, this.#batch);
    const results = new Array<T>(quads.length);
    for (const group of chunks(batches, CONCURRENCY)) {
      signal?.throwIfAborted();
      await Promise.all(
        group.map(async (part) => {
          const batch = { lines: part, size: this.#canvas(part) };
          const outputs = await this.#network.run(frame, { ...lineFeeds(part, batch.size), ...feeds }, { signal });
          const values = read(outputs, batch);
          part.forEach(({ index }, i) => {
            results[index] = values[i] as T;
          });
        }),
      );
    }
    return results;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#network[Symbol.asyncDispose]();
  }

  #placed(quad: Quad): PlacedLine {
    const size = quadSize(quad);
    const natural = Math.ceil(Math.min(MAX_ASPECT, size.width / size.height) * this.#height);
    if (!('fixed' in this.#width)) return { quad, width: Math.max(1, natural) };
    return { quad, width: this.#stretch ? this.#width.fixed : Math.min(natural, this.#width.fixed) };
  }

  #canvas(lines: readonly PlacedLine[]): LineBatch['size'] {
    const height = this.#height;
    if ('fixed' in this.#width) return { width: this.#width.fixed, height };
    const widest = Math.max(...lines.map((line) => line.width));
    return { width: Math.max(this.#width.least, widest + this.#width.padRight), height };
  }
}

function fixedSide(size: number | string | undefined): number | undefined {
  return typeof size === 'number' ? size : undefined;
}

function chunks<T>(values: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / length) }, (_, i) =>
    values.slice(i * length, (i + 1) * length),
  );
}
