import type { Microseconds } from '../../pipeline/index.js';

/** Where a packet lies on the source's own clock, microseconds. At least one of the two times is known. */
export interface SourceTimes {
  readonly track: 'video' | 'audio';
  readonly dtsUs: Microseconds | undefined;
  readonly ptsUs: Microseconds | undefined;
  /** 0 when unknown. */
  readonly durationUs: Microseconds;
}

/** Where it lies on the stream's timeline. */
export interface PlacedTimes {
  readonly dtsUs: Microseconds;
  readonly ptsUs: Microseconds;
  /** The packet does not continue what was before. */
  readonly discontinuity: boolean;
  /** The source said a time that its track has passed already; the one given here is made up. Sound that is late is to be left out. */
  readonly late: boolean;
}

/** What a {@link LiveTimeline} takes for a jump. */
export interface LiveTimelineOptions {
  /** A step forward of more than this is a discontinuity, microseconds. Default 10 s. */
  readonly maxForwardUs?: Microseconds;
  /** A step back of more than this is one, microseconds. Default 1 s. */
  readonly maxBackUs?: Microseconds;
}

interface Track {
  /** The last time of the source, wraps undone. */
  sourceUs: Microseconds;
  /** The last time of decoding that was given. */
  outUs: Microseconds;
  /** The end of the furthest packet. */
  endUs: Microseconds;
  /** What wraps have added to the source's times. */
  wrappedUs: Microseconds;
}

/**
 * After which time the clocks of sources begin anew, microseconds: MPEG's 33 bits at 90 kHz (26.5 hours), RTMP's 32 bits of milliseconds (49.7 days),
 * and the 31 and 24 bits that some RTMP encoders stop at.
 */
export const wrapPeriodsUs: readonly Microseconds[] = [
  Math.round((2 ** 33 / 90_000) * 1e6),
  2 ** 32 * 1000,
  2 ** 31 * 1000,
  2 ** 24 * 1000,
];

/** Sound that is further ahead goes on without pictures. */
const MAX_LEAD_US: Microseconds = 3_000_000;

/**
 * Puts packets of a live source on one timeline that begins at 0 and never goes back: the source's clock is re-based when it connects, its wraps are
 * undone, and where it jumps the timeline goes on. All tracks share one offset, so that sound and picture stay as far apart as the source has them.
 */
export class LiveTimeline {
  readonly #maxForwardUs: Microseconds;
  readonly #maxBackUs: Microseconds;
  readonly #tracks = new Map<SourceTimes['track'], Track>();
  /** What is added to the source's times; nothing until the first packet of a connection. */
  #offsetUs: Microseconds | undefined;
  /** The offset before the last jump: tracks do not jump with the same packet. */
  #oldOffsetUs: Microseconds | undefined;
  /** Where the first packet of a connection goes. */
  #beginUs: Microseconds = 0;

  constructor({ maxForwardUs = 10_000_000, maxBackUs = 1_000_000 }: LiveTimelineOptions = {}) {
    this.#maxForwardUs = maxForwardUs;
    this.#maxBackUs = maxBackUs;
  }

  /** Where the timeline has come to: the end of the last picture, or of the sound where there are none, or none any more. */
  get endUs(): Microseconds {
    const [video, audio] = [this.#tracks.get('video'), this.#tracks.get('audio')];
    if (video === undefined || audio === undefined) return (video ?? audio)?.endUs ?? 0;
    return audio.endUs - video.endUs > MAX_LEAD_US ? audio.endUs : video.endUs;
  }

  /** The source begins anew, with any clock, `gapUs` after the end of what came before. */
  restart(gapUs: Microseconds): void {
    this.#beginUs = this.endUs + Math.max(0, Math.round(gapUs));
    this.#offsetUs = undefined;
    this.#oldOffsetUs = undefined;
    for (const track of this.#tracks.values()) track.sourceUs = Number.NaN;
  }

  /** The place of a packet; those of a track come in order of decoding. */
  place({ track: name, dtsUs, ptsUs, durationUs }: SourceTimes): PlacedTimes {
    const track = this.#track(name);
    const sourceUs = this.#unwrapped(track, dtsUs ?? ptsUs ?? 0);
    const leadUs = dtsUs === undefined || ptsUs === undefined ? 0 : Math.max(0, ptsUs - dtsUs);
    const { offsetUs, discontinuity } = this.#offsetFor(track, sourceUs, leadUs);
    const wanted = sourceUs + offsetUs;
    const late = wanted <= track.outUs;
    const outUs = late ? track.outUs + 1 : wanted;
    track.sourceUs = sourceUs;
    // Sound that is late is left out by whoever receives this, so the track stands where it was.
    if (!late || name === 'video') track.outUs = outUs;
    const shownUs = Math.max(0, outUs, wanted + leadUs);
    track.endUs = Math.max(track.endUs, shownUs + durationUs);
    return { dtsUs: outUs, ptsUs: shownUs, discontinuity, late };
  }

  #track(name: SourceTimes['track']): Track {
    const known = this.#tracks.get(name);
    if (known !== undefined) return known;
    // Pictures are decoded before they are shown, the first ones before 0; sound has no such excuse.
    const outUs = name === 'video' ? Number.NEGATIVE_INFINITY : -1;
    const track = { sourceUs: Number.NaN, outUs, endUs: 0, wrappedUs: 0 };
    this.#tracks.set(name, track);
    return track;
  }

  /** The source's time with its wraps undone, by the last time of the track, or of the other where this one has none. */
  #unwrapped(track: Track, us: Microseconds): Microseconds {
    const known = [track, ...this.#tracks.values()].find((t) => !Number.isNaN(t.sourceUs));
    if (known === undefined) {
      track.wrappedUs = 0;
      return us;
    }
    if (Number.isNaN(track.sourceUs)) track.wrappedUs = known.wrappedUs;
    const at = us + track.wrappedUs;
    const step = at - known.sourceUs;
    if (this.#isContinuous(step)) return at;
    for (const period of wrapPeriodsUs) {
      for (const wrap of [period, -period]) {
        if (!this.#isContinuous(step + wrap)) continue;
        track.wrappedUs += wrap;
        return at + wrap;
      }
    }
    return at;
  }

  #offsetFor(
    track: Track,
    sourceUs: Microseconds,
    leadUs: Microseconds,
  ): { offsetUs: Microseconds; discontinuity: boolean } {
    if (this.#offsetUs === undefined) {
      this.#offsetUs = this.#beginUs - sourceUs - leadUs;
      return { offsetUs: this.#offsetUs, discontinuity: false };
    }
    // The other track may be ahead: a track that lags is measured at where it is itself.
    const hereUs = Number.isNaN(track.sourceUs) || !Number.isFinite(track.outUs) ? this.endUs : track.outUs;
    const fitting = [this.#offsetUs, this.#oldOffsetUs]
      .map((offsetUs = Number.NaN) => ({ offsetUs, stepUs: sourceUs + offsetUs - hereUs }))
      .filter(({ stepUs }) => this.#isContinuous(stepUs))
      .sort((a, b) => Math.abs(a.stepUs) - Math.abs(b.stepUs));
    if (fitting[0] !== undefined) return { offsetUs: fitting[0].offsetUs, discontinuity: false };
    this.#oldOffsetUs = this.#offsetUs;
    this.#offsetUs = this.endUs - sourceUs - leadUs;
    return { offsetUs: this.#offsetUs, discontinuity: true };
  }

  #isContinuous(stepUs: Microseconds): boolean {
    return stepUs <= this.#maxForwardUs && stepUs >= -this.#maxBackUs;
  }
}
