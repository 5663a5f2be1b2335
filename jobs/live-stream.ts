import type { Subscription } from 'rxjs';
import { defaultInferencePoolMetrics } from '../models/default-pool.js';
import type { Graph } from '../pipeline/graph/graph.js';
import { FramePool, type Microseconds, type VideoSample, VitascopeError } from '../pipeline/index.js';
import { openLiveInput } from '../streams/live/live-input.js';
import type { CopiedVideo, EncodedPacket, LiveEvent, LiveInput, VideoTrack } from '../streams/live/live-types.js';
import { KeyPictures } from './key-pictures.js';
import { liveCadence } from './live-cadence.js';
import { LiveGraph, SINK_HOLDS } from './live-graph.js';
import type { LiveStreamMetrics } from './live-metrics.js';
import { type LivePlan, type LiveStreamOptions, planLive } from './live-options.js';
import { LiveSound } from './live-sound/live-sound.js';
import { type PreparedSound, planLiveSound, prepareSound } from './live-sound/live-sound-plan.js';
import { LiveWords } from './live-words.js';
import { RenditionOutputs } from './rendition-outputs.js';
import { type WarmGraph, warmUp } from './warm-up.js';

export type { LiveStreamMetrics } from './live-metrics.js';
export type { LiveRendition, LiveStreamOptions } from './live-options.js';

/** What {@link LiveStream.open} puts together. */
interface LiveParts {
  readonly options: LiveStreamOptions;
  readonly plan: LivePlan;
  readonly input: LiveInput;
  readonly pool: FramePool;
  readonly warm: WarmGraph | undefined;
  /** Nothing where no sound is made. */
  readonly sound: PreparedSound | undefined;
}

/**
 * One live input through one graph to its outputs, in one or more renditions. Pictures that the graph has no time for are left out at the input; sound is copied
 * beside them, and keeps its distance to the pictures. Where nodes of the graph make sound (`foley`, `accompany`), that goes out in its place, with the source's sound in it.
 *
 * @example
 * const stream = await LiveStream.open({ input: 'rtsp://camera/1', graph: await loadGraph('colorize'), outputs: [outputFor('out.mkv')] });
 * process.once('SIGINT', () => void stream.stop());
 * await stream.run();
 */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  readonly #plan: LivePlan;
  readonly #input: LiveInput;
  readonly #renditions: readonly RenditionOutputs[];
  readonly #graph: LiveGraph | undefined;
  readonly #keyPictures = new KeyPictures();
  readonly #words = new LiveWords();
  #changes: Promise<unknown> = Promise.resolve();
  #state: 'idle' | 'running' | 'over' = 'idle';
  #sound: LiveSound | undefined;
  #copiedSound: Subscription | undefined;
  /** Where copied sound ends, and when the last picture is shown. */
  #soundEndUs: Microseconds = 0;
  #pictureUs: Microseconds = 0;

  private constructor({ options, plan, input, pool, warm, sound }: LiveParts) {
    this.#options = options;
    this.#plan = plan;
    this.#input = input;
    const { video, audio, copied, frameRate } = input;
    const hasVideo = video !== undefined || copied !== undefined;
    if (sound !== undefined) this.#sound = this.#soundFrom(sound, 0);
    const isSoundMade = this.#sound !== undefined;
    const outputs = {
      hasVideo,
      sound: this.#sound?.track ?? audio?.track,
      isSoundMade,
      onFailure: options.onOutputFailure,
    };
    this.#renditions = plan.renditions.map((rendition) => new RenditionOutputs(rendition, outputs));
    if (video === undefined) return;
    this.#graph = new LiveGraph({
      video,
      frameRate,
      graph: plan.graph,
      pool,
      renditions: plan.renditions,
      encoding: options.encoding,
      warm,
      onTrack: (i, track) => this.#renditions[i]?.videoTrack(track),
      onPacket: (i, packet) => this.#renditions[i]?.push(packet),
      onPicture: (sample) => this.#hearPicture(sample),
      onMetadata: options.onMetadata,
    });
  }

  /**
   * Connects to the input and warms the graph up; outputs are opened when there is something to send.
   *
   * @throws VitascopeError `OPTION_INVALID`, `GRAPH_POOL`, what `openLiveInput` throws, and what models fail with when they are loaded, and what
   * sound is made with (a bank that cannot be read).
   */
  static async open(options: LiveStreamOptions): Promise<LiveStream> {
    const plan = planLive(options);
    const { poolSlots, signal, onEvent } = options;
    const requested = poolSlots === undefined ? {} : { requested: poolSlots };
    const { recommended } = plan.graph.poolSize({ sinkHolds: SINK_HOLDS, ...requested });
    const pool = new FramePool({ slots: poolSlots ?? recommended, policy: 'drop', name: 'live input' });
    const settings = { ...options.inputOptions, pool, signal, onEvent, copyVideo: plan.copies };
    const input = await openLiveInput(options.input, settings);
    let warm: WarmGraph | undefined;
    try {
      const sounds = planLiveSound(plan.graph);
      const isSoundMade = input.video !== undefined && sounds.wish !== undefined;
      const sound = isSoundMade ? await prepareSound(sounds, 0) : undefined;
      if (input.video !== undefined && options.warmUp !== false) {
        warm = await warmUp(plan.graph, { size: input.size, signal });
      }
      return new LiveStream({ options, plan, input, pool, warm, sound });
    } catch (error) {
      warm?.release();
      await input.stop();
      throw error;
    }
  }

  /** Where it comes from, without secrets. */
  get name(): string {
    return this.#input.name;
  }

  /** The one that pictures go through now. */
  get graph(): Graph {
    return this.#graph?.graph ?? this.#plan.graph;
  }

  /**
   * Runs until the input ends or {@link stop}; outputs are ended then, in any case. Called once.
   *
   * @throws VitascopeError what the input, the graph or the encoder fails with. Outputs that fail are left out, see {@link LiveStreamMetrics.outputs}.
   */
  async run(): Promise<void> {
    this.#state = 'running';
    const events = this.#input.events.subscribe((event) => this.#hear(event));
    const sound = this.#takeSound();
    try {
      if (this.#graph !== undefined) {
        await this.#graph.run();
        this.#sound?.finish();
      } else if (this.#input.copied !== undefined) await this.#copy(this.#input.copied);
      else await sound;
    } finally {
      this.#state = 'over';
      await this.#input.stop();
      this.#copiedSound?.unsubscribe();
      this.#sound?.close();
      events.unsubscribe();
      await Promise.all(this.#renditions.map((rendition) => rendition.close()));
    }
  }

  /** Takes no more input, sends what is in flight, and ends the outputs: {@link run} resolves. */
  async stop(): Promise<void> {
    await Promise.all([this.#graph?.stop(), this.#input.stop()]);
  }

  /** The next picture becomes a key frame in all renditions. Nothing happens where packets are copied. */
  requestKeyFrame(): void {
    this.#graph?.requestKeyFrame();
  }

  /**
   * The last key frame of the first rendition as a JPEG with square pixels; nothing before there is one. Calls for the same at the same time share the work.
   *
   * @param height Rows, at least 1; never more than the picture has. Default: as many.
   * @throws VitascopeError `OPTION_INVALID`, `DECODER_MISSING`, `DECODE_FAILED`
   */
  async snapshot(height?: number): Promise<Buffer | undefined> {
    const key = this.#renditions[0]?.keyPicture;
    return key === undefined ? undefined : await this.#keyPictures.still(key, height);
  }

  /**
   * Goes over to the same nodes with other options, without a gap: models that these need are loaded first; from the next picture on they count, and no picture is
   * lost or comes twice. Of several calls each waits for the one before. Resolves when it is decided, before the next picture.
   *
   * @throws VitascopeError `OPTION_INVALID` for other nodes, for a graph that holds more pictures than the pool has, and where packets are copied; what models fail
   * with when they are loaded. The stream goes on as it was then.
   */
  async changeGraph(graph: Graph): Promise<void> {
    const running = this.#graph;
    if (running === undefined) {
      throw new VitascopeError('OPTION_INVALID', `LiveStream: nothing goes through graph ${this.graph.name}`);
    }
    const next = liveCadence(graph);
    const change = async (): Promise<void> => {
      running.check(next);
      const { warmUp: isWarmed = true, signal } = this.#options;
      const sound = await this.#nextSound(next);
      const warm = isWarmed ? await warmUp(next, { size: this.#input.size, signal }) : undefined;
      running.replace(next, warm, () => sound && this.#changeSound(sound));
    };
    const changed = this.#changes.then(change);
    this.#changes = changed.catch(() => {});
    await changed;
  }

  /** A snapshot, as plain JSON. */
  metrics(): LiveStreamMetrics {
    const graph = this.#graph?.metrics();
    const metrics = {
      input: this.#input.metrics(),
      runner: graph?.runner ?? null,
      renditions: this.#renditions.map((rendition, i) => ({
        ...rendition.metrics(),
        ...(graph?.encoders[i] ?? { framesEncoded: 0, queued: 0 }),
      })),
      outputs: this.#renditions.flatMap((rendition) => rendition.outputMetrics()),
      latencyMs: graph?.latencyMs ?? null,
      latencyHistogram: graph?.latencyHistogram ?? null,
      sound: this.#sound?.metrics(),
      models: (defaultInferencePoolMetrics()?.models ?? []).map(({ model, provider }) => ({ model, provider })),
    };
    return { ...metrics, words: this.#words.describe(metrics, performance.now()) };
  }

  /** Packets as they came, until they end. */
  async #copy({ track, packets, changes }: CopiedVideo): Promise<void> {
    const turnTo = (next: VideoTrack): void => {
      for (const rendition of this.#renditions) rendition.videoTrack(next);
    };
    turnTo(track);
    const changed = changes.subscribe(turnTo);
    try {
      await new Promise<void>((resolve, reject) => {
        packets.subscribe({ next: (packet) => this.#push(packet), complete: resolve, error: reject });
      });
    } finally {
      changed.unsubscribe();
    }
  }

  /** Where there are pictures, their end is the end, and they bring the same news. @returns when sound that is copied has ended. */
  #takeSound(): Promise<void> {
    const { audio } = this.#input;
    this.#sound?.start();
    if (audio === undefined || this.#sound !== undefined) return Promise.resolve();
    const ended = new Promise<void>((resolve, reject) => {
      this.#copiedSound = audio.packets.subscribe({
        next: (packet) => {
          this.#soundEndUs = packet.ptsUs + packet.durationUs;
          this.#push(packet);
        },
        complete: resolve,
        error: reject,
      });
    });
    ended.catch(() => {});
    return ended;
  }

  #hearPicture(sample: VideoSample): void {
    this.#pictureUs = sample.frame.ptsUs;
    this.#sound?.hear(sample);
  }

  #soundFrom(prepared: PreparedSound, startUs: Microseconds): LiveSound {
    const source = this.#input.audio?.heard;
    return new LiveSound({ prepared, startUs, source, push: (packet) => this.#push(packet) });
  }

  /** What a graph makes sound with; nothing where that is as before. */
  async #nextSound(graph: Graph): Promise<PreparedSound | undefined> {
    const plan = planLiveSound(graph);
    const isSame = this.#sound === undefined ? plan.wish === undefined : this.#sound.makes(plan);
    return isSame ? undefined : await prepareSound(plan, this.#pictureUs);
  }

  /** From the next picture on other sound is made. Sound that was copied is so no more, from where it has come to. */
  #changeSound(prepared: PreparedSound): void {
    if (this.#sound !== undefined) {
      this.#sound.follow(prepared);
      return;
    }
    if (this.#state === 'over') return;
    const fromUs = Math.max(this.#pictureUs, this.#soundEndUs);
    const sound = this.#soundFrom(prepared, fromUs);
    this.#sound = sound;
    for (const rendition of this.#renditions) rendition.makeSound(sound.track, fromUs);
    if (this.#state === 'idle') return;
    this.#copiedSound?.unsubscribe();
    this.#graph?.breakAt(fromUs);
    sound.start();
  }

  #push(packet: EncodedPacket): void {
    for (const rendition of this.#renditions) rendition.push(packet);
  }

  #hear(event: LiveEvent): void {
    if (event.kind !== 'discontinuity') return;
    this.#graph?.breakAt(event.atUs);
    for (const rendition of this.#renditions) rendition.breakAt(event.atUs);
  }
}
