import { type FilterContext, FilterGraph, Frame } from 'node-av/lib';
import type { Rational } from '../../pipeline/index.js';
import { VitascopeError } from '../../pipeline/index.js';
import { avCheck, avMessage, isAgain, isEnd } from './av.js';

/** What a filter graph must know of the pictures that will come. */
export interface FilterInput {
  readonly width: number;
  readonly height: number;
  /** FFmpeg's `AVPixelFormat` value. */
  readonly avPixelFormat: number;
  readonly timeBase: Rational;
  readonly frameRate: Rational;
  readonly sampleAspectRatio: Rational;
  /** FFmpeg's `AVColorSpace` and `AVColorRange` values. */
  readonly colorSpace: number;
  readonly colorRange: number;
}

/**
 * An FFmpeg filter chain between one or more picture inputs and one output. Frames are native AVFrames: pushed ones stay the
 * caller's (the graph takes a reference), pulled ones belong to the caller, who frees them. Call {@link close} once.
 */
export class FilterSession {
  readonly #graph: FilterGraph;
  readonly #sources: readonly FilterContext[];
  readonly #sink: FilterContext;
  #closed = false;

  private constructor(graph: FilterGraph, sources: readonly FilterContext[], sink: FilterContext) {
    this.#graph = graph;
    this.#sources = sources;
    this.#sink = sink;
  }

  /**
   * @param chain FFmpeg filter syntax, e.g. `scale=640:-2,hqdn3d`. With several inputs its labels are `[in0]`, `[in1]`, … and the output `[out]`.
   * @param threads Threads the filters may use; 0 = one a core.
   * @throws VitascopeError `FILTER_INVALID` when the chain does not parse, names an unknown filter or cannot be connected.
   */
  static open(chain: string, inputs: readonly FilterInput[], threads = 0): FilterSession {
    const graph = new FilterGraph();
    graph.alloc();
    graph.nbThreads = threads;
    try {
      const who = `filter chain "${chain}"`;
      avCheck(graph.parse2(describe(chain, inputs)), 'FILTER_INVALID', `${who} is not valid`);
      avCheck(graph.configSync(), 'FILTER_INVALID', `${who} cannot be connected`);
      const sources = inputs.map((_, i) => named(graph, `buffer@in${i}`));
      return new FilterSession(graph, sources, named(graph, 'buffersink@out'));
    } catch (error) {
      graph.free();
      throw error;
    }
  }

  /** Time base of what {@link pull} yields. */
  get timeBase(): Rational {
    const { num, den } = this.#sink.buffersinkGetTimeBase();
    return { num, den };
  }

  /** Gives a picture to input `input`; `null` ends that input, and what the filters hold back comes out of {@link pull}. */
  async push(frame: Frame | null, input = 0): Promise<void> {
    const source = this.#sources[input];
    if (source === undefined) throw new VitascopeError('FILTER_INVALID', `FilterSession: there is no input ${input}`);
    // AV_BUFFERSRC_FLAG_KEEP_REF = 8: the caller's frame stays the caller's.
    const result = await source.buffersrcAddFrame(frame, 8 as never);
    if (result < 0 && !isEnd(result)) {
      throw new VitascopeError('FILTER_INVALID', `FilterSession: the filters refused a picture: ${avMessage(result)}`);
    }
  }

  /** The next picture that is ready, or nothing. */
  async pull(): Promise<Frame | undefined> {
    const frame = new Frame();
    frame.alloc();
    const result = await this.#sink.buffersinkGetFrame(frame);
    if (result >= 0) return frame;
    frame.free();
    if (isAgain(result) || isEnd(result)) return undefined;
    throw new VitascopeError('FILTER_INVALID', `FilterSession: the filters failed: ${avMessage(result)}`);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#graph.free();
  }
}

function sourceFilter(input: FilterInput, index: number): string {
  const { width, height, avPixelFormat, timeBase, frameRate, sampleAspectRatio: sar } = input;
  const args = [
    `video_size=${width}x${height}`,
    `pix_fmt=${avPixelFormat}`,
    `time_base=${timeBase.num}/${timeBase.den}`,
    `pixel_aspect=${sar.num}/${Math.max(1, sar.den)}`,
    `colorspace=${input.colorSpace}`,
    `range=${input.colorRange}`,
    ...(frameRate.num > 0 && frameRate.den > 0 ? [`frame_rate=${frameRate.num}/${frameRate.den}`] : []),
  ];
  return `buffer@in${index}=${args.join(':')}`;
}

/** The chain between its sources and its sink, as one description for FFmpeg's parser. */
function describe(chain: string, inputs: readonly FilterInput[]): string {
  const label = (index: number): string => (inputs.length === 1 ? '[in]' : `[in${index}]`);
  const sources = inputs.map((input, i) => `${sourceFilter(input, i)}${label(i)}`);
  const head = chain.trimStart().startsWith('[') ? '' : '[in]';
  const tail = chain.trimEnd().endsWith(']') ? '' : '[out]';
  return [...sources, `${head}${chain}${tail}`, '[out]buffersink@out'].join(';');
}

function named(graph: FilterGraph, name: string): FilterContext {
  const context = graph.getFilter(name);
  if (context === null) throw new VitascopeError('FILTER_INVALID', `FilterSession: FFmpeg made no filter ${name}`);
  return context;
}
