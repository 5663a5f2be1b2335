import { type Subscription, tap } from 'rxjs';
import type { Graph } from '../pipeline/graph/graph.js';
import { consumeFrames, FramePool, type Microseconds, type VideoSample, VitascopeError } from '../pipeline/index.js';
import { Runner, type RunnerMetrics } from '../pipeline/runner.js';
import { Interleave } from '../streams/live/interleave.js';
import { openLiveInput } from '../streams/live/live-input.js';
import type { LiveInputOptions } from '../streams/live/live-options.js';
import type { EncodedPacket, LiveEvent, LiveInput, LiveInputMetrics, LiveOutput } from '../streams/live/live-types.js';
import { FanOut, type FanOutMetrics } from '../streams/live/outputs/fan-out.js';
import { LiveEncoder, type LiveEncoderOptions } from '../streams/live/outputs/live-encoder.js';
import { liveCadence } from './live-cadence.js';

/** Frames that the encoder may hold: one being encoded, and those that wait for it. */
const SINK_HOLDS = 4;
/** Frames whose way through is timed. */
const RECENT = 256;

/** What a live stream reads, does and writes. */
export interface LiveStreamOptions {
  /** An address as {@link openLiveInput} takes it. */
  readonly input: string;
  readonly inputOptions?: Omit<LiveInputOptions, 'pool' | 'slots' | 'signal'> | undefined;
  /** Operators whose cadence nobody has chosen adapt it to the machine. */
  readonly graph: Graph;
  /** At least one. The stream opens and closes them. */
  readonly outputs: readonly LiveOutput[];
  /** How the video is encoded; one rendition. */
  readonly encoding?: Omit<LiveEncoderOptions, 'renditions' | 'frameRate' | 'onTrack' | 'onPacket'> | undefined;
  /** Bits a second. Default by size and rate. */
  readonly bitrate?: number | undefined;
  /** Slots of the input's frame pool. Default: what the graph recommends. */
  readonly poolSlots?: number | undefined;
  readonly onEvent?: ((event: LiveEvent) => void) | undefined;
  /** Hears that an output has failed; the others go on. */
  readonly onOutputFailure?: ((name: string, error: VitascopeError) => void) | undefined;
  /** Gives up opening, and later ends the stream as {@link LiveStream.stop} does. */
  readonly signal?: AbortSignal | undefined;
}

/** What a live stream has done so far. Plain JSON. */
export interface LiveStreamMetrics {
  readonly input: LiveInputMetrics;
  /** Nothing where there is no video. */
  readonly runner: RunnerMetrics | null;
  readonly outputs: readonly FanOutMetrics[];
  /** From a picture's leaving the decoder to its packet, milliseconds, over the last 256 pictures. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
}

/**
 * One live input through one graph to its outputs. Pictures that the graph has no time for are left out at the input; sound is copied beside them, and keeps its
 * distance to the pictures.
 *
 * @example
 * const stream = await LiveStream.open({ input: 'rtsp://camera/1', graph: await loadGraph('colorize'), outputs: [outputFor('out.mkv')] });
 * process.once('SIGINT', () => void stream.stop());
 * await stream.run();
 */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  readonly #input: LiveInput;
  readonly #pool: FramePool;
  readonly #fanOut: FanOut;
  readonly #interleave: Interleave;
  /** When pictures that are under way were decoded, by their time. */
  readonly #arrivals = new Map<Microseconds, number>();
  readonly #latencies: number[] = [];
  /** Discontinuities that pictures, and that packets, have not come to yet. */
  readonly #breaks: { frames: Microseconds[]; packets: Microseconds[] } = { frames: [], packets: [] };
  #runner: Runner | undefined;
  #opened: Promise<void> | undefined;

  private constructor(options: LiveStreamOptions, input: LiveInput, pool: FramePool) {
    this.#options = options;
    this.#input = input;
    this.#pool = pool;
    this.#fanOut = new FanOut(options.outputs, { onFailure: options.onOutputFailure });
    this.#interleave = new Interleave((packet) => this.#write(packet), input.video !== undefined);
  }

  /**
   * Connects to the input; outputs are opened when there is something to send.
   *
   * @throws VitascopeError `OPTION_INVALID`, `GRAPH_POOL`, and what {@link openLiveInput} throws.
   */
  static async open(options: LiveStreamOptions): Promise<LiveStream> {
    const graph = liveCadence(options.graph);
    const { input: address, inputOptions, outputs, poolSlots, signal } = options;
    if (outputs.length === 0) throw new VitascopeError('OPTION_INVALID', 'a live stream needs at least one output');
    if (graph.video === 'copy') {
      const message = `graph ${graph.name} copies video, which live streams cannot: use transcode`;
      throw new VitascopeError('OPTION_INVALID', message);
    }
    const requested = poolSlots === undefined ? {} : { requested: poolSlots };
    const { recommended } = graph.poolSize({ sinkHolds: SINK_HOLDS, ...requested });
    const pool = new FramePool({ slots: poolSlots ?? recommended, policy: 'drop', name: 'live input' });
    const input = await openLiveInput(address, { ...inputOptions, pool, signal });
    return new LiveStream({ ...options, graph }, input, pool);
  }

  /** Where it comes from, without secrets. */
  get name(): string {
    return this.#input.name;
  }

  /**
   * Runs until the input ends or {@link stop}; outputs are ended then, in any case.
   *
   * @throws VitascopeError what the input, the graph or the encoder fails with. Outputs that fail are left out, see {@link LiveStreamMetrics.outputs}.
   */
  async run(): Promise<void> {
    const events = this.#input.events.subscribe((event) => this.#hear(event));
    const sound = this.#takeSound();
    try {
      if (this.#input.video !== undefined) await this.#runVideo();
      await sound.ended;
    } finally {
      await this.#input.stop();
      sound.subscription?.unsubscribe();
      events.unsubscribe();
      this.#interleave.flush();
      await this.#opened;
      await this.#fanOut.close();
    }
  }

  /** Takes no more input, sends what is in flight, and ends the outputs: {@link run} resolves. */
  async stop(): Promise<void> {
    await Promise.all([this.#runner?.stop().catch(() => {}), this.#input.stop()]);
  }

  /** A snapshot, as plain JSON. */
  metrics(): LiveStreamMetrics {
    return {
      input: this.#input.metrics(),
      runner: this.#runner?.metrics() ?? null,
      outputs: this.#fanOut.metrics(),
      latencyMs: percentiles(this.#latencies),
    };
  }

  async #runVideo(): Promise<void> {
    const { graph, encoding, bitrate } = this.#options;
    const encoder = new LiveEncoder({
      ...encoding,
      frameRate: this.#input.frameRate,
      renditions: [{ bitrate }],
      onTrack: (_, track) => {
        const tracks = this.#input.audio === undefined ? [track] : [track, this.#input.audio.track];
        if (this.#opened === undefined) this.#opened = this.#fanOut.open(tracks);
        else this.#fanOut.tracksChanged(tracks);
      },
      onPacket: (_, packet) => this.#encoded(packet),
    });
    const source = (this.#input.video as NonNullable<LiveInput['video']>).pipe(
      tap(({ frame }) => this.#arrived(frame.ptsUs)),
    );
    this.#runner = new Runner({
      source,
      graph,
      pool: this.#pool,
      sinkHolds: SINK_HOLDS,
      sink: async (output) => {
        await consumeFrames(output, (sample) => this.#encode(encoder, sample));
        await encoder.finish();
      },
    });
    try {
      await this.#runner.start();
    } finally {
      encoder.close();
    }
  }

  #takeSound(): { ended: Promise<void>; subscription?: Subscription } {
    const { audio, video } = this.#input;
    if (audio === undefined) return { ended: Promise.resolve() };
    if (video === undefined) this.#opened = this.#fanOut.open([audio.track]);
    let subscription: Subscription | undefined;
    const ended = new Promise<void>((resolve, reject) => {
      subscription = audio.packets.subscribe({
        next: (packet) => this.#interleave.push(packet),
        complete: resolve,
        // Where there are pictures, they bring the same news.
        error: (error: unknown) => (video === undefined ? reject(error) : resolve()),
      });
    });
    // With pictures, the end of the pictures is the end.
    return { ended: video === undefined ? ended : Promise.resolve(), ...(subscription && { subscription }) };
  }

  async #encode(encoder: LiveEncoder, { frame }: VideoSample): Promise<void> {
    if (passes(this.#breaks.frames, frame.ptsUs)) encoder.forceKeyFrame();
    await encoder.write(frame);
  }

  #encoded(packet: EncodedPacket): void {
    const arrivedMs = this.#arrivals.get(packet.ptsUs);
    if (arrivedMs !== undefined) {
      this.#latencies.push(performance.now() - arrivedMs);
      if (this.#latencies.length > RECENT) this.#latencies.shift();
      this.#arrivals.delete(packet.ptsUs);
    }
    this.#interleave.push(packet);
  }

  #write(packet: EncodedPacket): void {
    // Before anything is open there is nobody who could want it.
    if (this.#opened === undefined) return;
    const breaks = this.#input.video === undefined || packet.kind === 'video';
    if (breaks && passes(this.#breaks.packets, packet.ptsUs)) this.#fanOut.discontinuity();
    this.#fanOut.write(packet);
  }

  #arrived(ptsUs: Microseconds): void {
    this.#arrivals.set(ptsUs, performance.now());
    if (this.#arrivals.size <= RECENT) return;
    const [oldest] = this.#arrivals.keys();
    if (oldest !== undefined) this.#arrivals.delete(oldest);
  }

  #hear(event: LiveEvent): void {
    if (event.kind === 'discontinuity') {
      this.#breaks.frames.push(event.atUs);
      this.#breaks.packets.push(event.atUs);
    }
    this.#options.onEvent?.(event);
  }
}

/** True when a time is at or after the first of some moments; all that were passed are taken away. */
function passes(moments: Microseconds[], us: Microseconds): boolean {
  let passed = false;
  for (let first = moments[0]; first !== undefined && us >= first; first = moments[0]) {
    moments.shift();
    passed = true;
  }
  return passed;
}

function percentiles(values: readonly number[]): LiveStreamMetrics['latencyMs'] {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.floor(share * (sorted.length - 1))] as number);
  return { p50: at(0.5), p95: at(0.95) };
}
