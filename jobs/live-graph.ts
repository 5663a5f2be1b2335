import { tap } from 'rxjs';
import type { Graph } from '../pipeline/graph/graph.js';
import {
  consumeFrames,
  type FramePool,
  LatencyCounter,
  type LatencyHistogram,
  type LatencySnapshot,
  type Microseconds,
  type PictureSize,
  RecentValues,
  ReplaceableGraph,
  shownSize,
  type VideoFrame,
  type VideoSample,
} from '../pipeline/index.js';
import { Runner, type RunnerMetrics } from '../pipeline/runner.js';
import type { EncodedPacket, LiveInput, VideoTrack } from '../streams/live/live-types.js';
import { LiveEncoder } from '../streams/live/outputs/live-encoder.js';
import type { LaneMetrics } from '../streams/live/outputs/rendition-lane.js';
import { sourceMetadata } from './film-records/source-metadata.js';
import type { LiveRendition, LiveStreamOptions } from './live-options.js';
import { Moments } from './moments.js';
import type { WarmGraph } from './warm-up.js';

/** Frames that the encoder may hold: one being encoded, and those that wait for it. */
export const SINK_HOLDS = 4;
/** Pictures under way whose arrival is remembered. */
const REMEMBERED = 256;

/** Whose pictures go where. */
export interface LiveGraphOptions {
  readonly video: NonNullable<LiveInput['video']>;
  readonly frameRate: LiveInput['frameRate'];
  readonly graph: Graph;
  readonly pool: FramePool;
  readonly renditions: readonly LiveRendition[];
  readonly encoding: LiveStreamOptions['encoding'];
  /** Given back when the first picture has left the graph. */
  readonly warm: WarmGraph | undefined;
  readonly onTrack: (rendition: number, track: VideoTrack) => void;
  readonly onPacket: (rendition: number, packet: EncodedPacket) => void;
  /** Hears of each picture that leaves the graph, before it is encoded; the frame is borrowed. What it throws fails the stream. */
  readonly onPicture?: ((sample: VideoSample) => void) | undefined;
  readonly onMetadata: LiveStreamOptions['onMetadata'];
}

/** Plain JSON. */
export interface LiveGraphMetrics {
  readonly runner: RunnerMetrics;
  /** Of each rendition, in their order. */
  readonly encoders: readonly LaneMetrics[];
  /** From a picture's leaving the decoder to its packet of the first rendition, milliseconds. */
  readonly latencyMs: LatencySnapshot | null;
  readonly latencyHistogram: LatencyHistogram;
}

/** The pictures of a live input on their way through the graph and the encoder. */
export class LiveGraph {
  readonly #options: LiveGraphOptions;
  readonly #graph: ReplaceableGraph;
  readonly #encoder: LiveEncoder;
  readonly #runner: Runner;
  readonly #breaks = new Moments();
  /** When pictures that are under way were decoded, by their time. */
  readonly #arrivals = new Map<Microseconds, number>();
  readonly #recent = new RecentValues(REMEMBERED);
  readonly #latencies = new LatencyCounter();
  readonly #warm = new Set<WarmGraph>();
  #source: PictureSize | undefined;

  /** @throws VitascopeError `OPTION_INVALID`, `ENCODER_UNKNOWN` */
  constructor(options: LiveGraphOptions) {
    const { encoding, frameRate, renditions, pool, onTrack } = options;
    this.#options = options;
    if (options.warm !== undefined) this.#warm.add(options.warm);
    this.#graph = new ReplaceableGraph(options.graph, { slots: pool.slots, sinkHolds: SINK_HOLDS });
    this.#encoder = new LiveEncoder({
      ...encoding,
      frameRate,
      renditions: renditions.map(({ height, bitrate }) => ({ height, bitrate })),
      onTrack,
      onPacket: (rendition, packet) => this.#encoded(rendition, packet),
    });
    this.#runner = new Runner({
      source: options.video.pipe(tap(({ frame }) => this.#arrived(frame))),
      graph: this.#graph,
      pool,
      sinkHolds: SINK_HOLDS,
      sink: async (output) => {
        await consumeFrames(output, (sample) => this.#encode(sample));
        await this.#encoder.finish();
      },
    });
  }

  get graph(): Graph {
    return this.#graph.graph;
  }

  /** Until the pictures end, or {@link stop}. @throws what the input, the graph and the encoder fail with. */
  async run(): Promise<void> {
    try {
      await this.#runner.start();
    } finally {
      this.#encoder.close();
      this.#coolDown();
    }
  }

  /** Takes no more pictures, and lets those under way through. Never rejects. */
  async stop(): Promise<void> {
    await this.#runner.stop().catch(() => {});
    this.#coolDown();
  }

  /** The next picture becomes a key frame in all renditions. */
  requestKeyFrame(): void {
    this.#encoder.forceKeyFrame();
  }

  /** The first picture at or after a time becomes a key frame. */
  breakAt(us: Microseconds): void {
    this.#breaks.add(us);
  }

  /** @throws as {@link ReplaceableGraph.check} */
  check(graph: Graph): void {
    this.#graph.check(graph);
  }

  /**
   * @param warm Taken over.
   * @param onFirst Called once: before the first picture of the new graph leaves it, or when none will.
   * @throws as {@link ReplaceableGraph.replace}
   */
  replace(graph: Graph, warm: WarmGraph | undefined, onFirst?: () => void): void {
    const isIdle = this.#runner.state === 'idle';
    try {
      this.#graph.replace(graph, () => {
        if (!isIdle) warm?.release();
        onFirst?.();
      });
    } catch (error) {
      warm?.release();
      throw error;
    }
    if (isIdle && warm !== undefined) this.#warm.add(warm);
  }

  metrics(): LiveGraphMetrics {
    return {
      runner: this.#runner.metrics(),
      encoders: this.#encoder.metrics(),
      latencyMs: this.#recent.percentiles(),
      latencyHistogram: this.#latencies.snapshot(),
    };
  }

  async #encode(sample: VideoSample): Promise<void> {
    const { frame } = sample;
    this.#coolDown();
    this.#tellMetadata(sample);
    this.#options.onPicture?.(sample);
    if (this.#breaks.pass(frame.ptsUs)) this.#encoder.forceKeyFrame();
    await this.#encoder.write(frame);
  }

  #tellMetadata(sample: VideoSample): void {
    const { onMetadata } = this.#options;
    if (onMetadata === undefined) return;
    const source = this.#source ?? sample.frame;
    const { ptsUs, rotation } = sample.frame;
    const found = sourceMetadata(sample, source, rotation);
    if (found !== undefined) onMetadata(ptsUs, found, shownSize(source, rotation));
  }

  #encoded(rendition: number, packet: EncodedPacket): void {
    const arrivedMs = rendition === 0 ? this.#arrivals.get(packet.ptsUs) : undefined;
    if (arrivedMs !== undefined) {
      const ms = performance.now() - arrivedMs;
      this.#recent.push(ms);
      this.#latencies.add(ms);
      this.#arrivals.delete(packet.ptsUs);
    }
    this.#options.onPacket(rendition, packet);
  }

  #arrived({ ptsUs, width, height }: VideoFrame): void {
    this.#source = { width, height };
    this.#arrivals.set(ptsUs, performance.now());
    if (this.#arrivals.size <= REMEMBERED) return;
    const [oldest] = this.#arrivals.keys();
    if (oldest !== undefined) this.#arrivals.delete(oldest);
  }

  /** A picture has left, so the graph has its models itself. */
  #coolDown(): void {
    for (const warm of this.#warm) warm.release();
    this.#warm.clear();
  }
}
