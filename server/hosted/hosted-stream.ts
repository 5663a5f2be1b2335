import type { Microseconds, VitascopeError } from '../../pipeline/index.js';
import type { LiveOutput } from '../../streams/live/live-types.js';
import type { FanOutMetrics } from '../../streams/live/outputs/fan-out.js';
import type { Clock } from '../clock.js';
import type { StreamMedia } from '../stream-protocol.js';
import { HostedRendition } from './hosted-rendition.js';
import { OutputTimeline } from './output-timeline.js';
import { Settling } from './settling.js';

/** A stream's outputs, and what viewers get while its process has nothing for them. */
export interface HostedStreamOptions {
  readonly renditions: readonly { readonly name: string; readonly outputs: readonly LiveOutput[] }[];
  readonly clock: Clock;
  /** Milliseconds without a packet after which the last key frame is shown again. */
  readonly holdAfterMs: number;
  /** Milliseconds from one such picture to the next. */
  readonly holdStepMs: number;
  /** Asks the process for a key frame. */
  readonly askKeyFrame: () => void;
  readonly onFailure: (output: string, error: VitascopeError) => void;
}

/**
 * The outputs of a stream, which live as long as the stream whatever happens to its process: packets come in with the process's times and leave on one
 * timeline that never goes back. When nothing comes, the last key frame is shown again and again, with silence.
 */
export class HostedStream {
  readonly #options: HostedStreamOptions;
  readonly #timeline: OutputTimeline;
  readonly #renditions: ReadonlyMap<string, HostedRendition>;
  #lastPacketMs: number;
  #holding = false;
  /** Viewers have got something. */
  #begun = false;
  /** The process catches up; nothing of it is shown yet. */
  #settling: Settling | undefined;
  /** A key frame was asked for and has not come yet. */
  #asked = false;
  #cancelTimer: () => void;
  #closed = false;

  constructor(options: HostedStreamOptions) {
    this.#options = options;
    const { clock, onFailure } = options;
    this.#timeline = new OutputTimeline(() => clock.now());
    this.#renditions = new Map(
      options.renditions.map((each) => [
        each.name,
        new HostedRendition({ ...each, timeline: this.#timeline, onFailure }),
      ]),
    );
    this.#lastPacketMs = clock.now();
    this.#cancelTimer = this.#watch();
  }

  /** Viewers see the holding picture. */
  get holding(): boolean {
    return this.#holding;
  }

  /** Milliseconds since the last packet. */
  get silentMs(): number {
    return this.#options.clock.now() - this.#lastPacketMs;
  }

  /** Where a time of the process lies for viewers. */
  placeUs(us: Microseconds): Microseconds {
    return this.#timeline.placeUs(us);
  }

  /** Of each output of each rendition, in their order. */
  metrics(): readonly FanOutMetrics[] {
    return [...this.#renditions.values()].flatMap((rendition) => rendition.metrics());
  }

  /** Takes what the process sends. */
  receive(message: StreamMedia): void {
    const rendition = this.#renditions.get(message.rendition);
    if (rendition === undefined || this.#closed) return;
    if (message.type === 'tracks') rendition.setTracks(message.tracks);
    else if (message.type === 'discontinuity') rendition.discontinuity();
    else {
      const { packet } = message;
      if (this.#settling !== undefined && !this.#settling.isOver(packet.dtsUs)) return;
      this.#settling = undefined;
      // What cannot be decoded without what was missed is asked for anew, and until then the picture is held.
      if (rendition.needsKey && packet.kind === 'video' && !packet.isKey) this.#askKeyFrame();
      if (!rendition.write(packet)) return;
      this.#begun = true;
      this.#asked = false;
      this.#lastPacketMs = this.#options.clock.now();
      this.#holding = false;
    }
  }

  /** The process is gone; the next one has other times. */
  interrupt(): void {
    this.#timeline.restart();
    this.#asked = false;
    for (const rendition of this.#renditions.values()) rendition.interrupt();
    if (this.#begun) this.#settling = new Settling(() => this.#options.clock.now());
  }

  /** Ends all outputs; never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    await Promise.all([...this.#renditions.values()].map((rendition) => rendition.close()));
  }

  #askKeyFrame(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#options.askKeyFrame();
  }

  #watch(): () => void {
    const { clock, holdAfterMs, holdStepMs } = this.#options;
    return clock.after(holdStepMs, () => {
      if (this.#closed) return;
      if (this.silentMs >= holdAfterMs) this.#hold();
      this.#cancelTimer = this.#watch();
    });
  }

  #hold(): void {
    const held = [...this.#renditions.values()].filter(({ canHold }) => canHold);
    if (held.length === 0) return;
    if (!this.#holding) {
      this.#holding = true;
      // A process that catches up has been interrupted already, and must not begin to catch up again.
      if (this.#settling === undefined) this.interrupt();
    }
    const { positionUs } = this.#timeline;
    for (const rendition of held) rendition.hold(positionUs, this.#options.holdStepMs * 1000);
  }
}
