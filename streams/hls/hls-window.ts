import type { Microseconds } from '../../pipeline/index.js';
import type { FragmentedPart } from './fragmenter.js';

/** A part in the window. */
export interface HlsPart {
  readonly uri: string;
  readonly data: Buffer;
  readonly durationUs: Microseconds;
  readonly independent: boolean;
}

/** The header that segments refer to. */
export interface HlsInit {
  readonly uri: string;
  readonly data: Buffer;
}

/** A segment in the window; it grows until it is complete. */
export interface HlsSegment {
  readonly sequence: number;
  readonly uri: string;
  readonly init: HlsInit;
  readonly parts: readonly HlsPart[];
  /** Not less than its parts together; more where pictures came slower than parts. */
  readonly durationUs: Microseconds;
  readonly bytes: number;
  /** It does not continue the segment before. */
  readonly discontinuity: boolean;
  /** When it began, milliseconds since 1970. */
  readonly wallClockMs: number;
  readonly complete: boolean;
}

/** What a playlist says of a rendition at one moment. */
export interface HlsSnapshot {
  /** At least one, once anything has come; the last one may still grow. */
  readonly segments: readonly HlsSegment[];
  /** How many discontinuities lie before the first segment. */
  readonly discontinuitySequence: number;
  /** The part that will come next; nothing once the stream has ended. */
  readonly nextPartUri: string | undefined;
  readonly ended: boolean;
}

/** How much is kept. */
export interface HlsWindowLimits {
  /** Length of the playlist, microseconds. Default 30 s. */
  readonly windowUs?: Microseconds | undefined;
  /** Bytes of media in memory, those included that have just left the playlist. Default 64 MiB. */
  readonly maxBytes?: number | undefined;
  /** Sequence number of the first segment: where an earlier process ended, so that viewers see numbers that grow. Default 0. */
  readonly firstSequence?: number | undefined;
  /** Discontinuities before the first segment. Default 0. */
  readonly firstDiscontinuity?: number | undefined;
  /** Distinguishes the names of this stream from those of an earlier one, `[0-9a-z]+`. Default from the clock. */
  readonly token?: string | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

interface GrowingSegment {
  sequence: number;
  uri: string;
  init: HlsInit;
  parts: HlsPart[];
  durationUs: Microseconds;
  bytes: number;
  discontinuity: boolean;
  wallClockMs: number;
  complete: boolean;
}

/**
 * Parts and segments of one rendition, as long as viewers may ask for them. Segments leave the playlist at its front, stay for as long again for those who
 * read it before, and go earlier when memory is short.
 */
export class HlsWindow {
  readonly #windowUs: Microseconds;
  readonly #maxBytes: number;
  readonly #token: string;
  readonly #now: () => number;
  readonly #segments: GrowingSegment[] = [];
  readonly #retired: GrowingSegment[] = [];
  #init: HlsInit | undefined;
  #inits = 0;
  #nextSequence: number;
  #discontinuitySequence: number;
  #pendingDiscontinuity = false;
  #clock: { readonly atUs: Microseconds; readonly ms: number } | undefined;
  #ended = false;
  #bytes = 0;

  constructor(limits: HlsWindowLimits = {}) {
    this.#windowUs = limits.windowUs ?? 30_000_000;
    this.#maxBytes = limits.maxBytes ?? 64 * 1024 * 1024;
    this.#now = limits.now ?? Date.now;
    this.#token = limits.token ?? this.#now().toString(36);
    this.#nextSequence = limits.firstSequence ?? 0;
    this.#discontinuitySequence = limits.firstDiscontinuity ?? 0;
    this.#pendingDiscontinuity = this.#nextSequence > 0;
  }

  /** Bytes of media that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  get init(): HlsInit | undefined {
    return this.#init;
  }

  snapshot(): HlsSnapshot {
    return {
      segments: this.#segments.map((segment) => ({ ...segment, parts: [...segment.parts] })),
      discontinuitySequence: this.#discontinuitySequence,
      nextPartUri: this.#ended ? undefined : this.nextPartUri,
      ended: this.#ended,
    };
  }

  get nextPartUri(): string {
    const open = this.#open;
    return partUri(this.#token, open?.sequence ?? this.#nextSequence, open?.parts.length ?? 0);
  }

  /** The bytes behind a name, while they are held. Nothing for names that are not of this window. */
  find(uri: string): Buffer | undefined {
    for (const segment of [...this.#segments, ...this.#retired]) {
      if (segment.init.uri === uri) return segment.init.data;
      if (segment.uri === uri) return segment.complete ? segmentBytes(segment) : undefined;
      for (const part of segment.parts) if (part.uri === uri) return part.data;
    }
    return this.#init?.uri === uri ? this.#init.data : undefined;
  }

  /** True while a complete segment or a header may be asked for. */
  holds(uri: string): boolean {
    return [...this.#segments, ...this.#retired].some((segment) => segment.uri === uri || segment.init.uri === uri);
  }

  setInit(data: Buffer): void {
    this.#init = { uri: `${this.#token}-init-${this.#inits++}.mp4`, data };
  }

  discontinuity(): void {
    this.#clock = undefined;
    const open = this.#open;
    if (open !== undefined) open.complete = true;
    if (this.#nextSequence > 0) this.#pendingDiscontinuity = true;
  }

  add(part: FragmentedPart, endsSegment: boolean): void {
    const segment = this.#open ?? this.#begin(part);
    const uri = partUri(this.#token, segment.sequence, segment.parts.length);
    segment.parts.push({ uri, data: part.data, durationUs: part.durationUs, independent: part.independent });
    segment.durationUs += part.lastsUs;
    segment.bytes += part.data.length;
    this.#bytes += part.data.length;
    // One segment alone must not fill the memory either.
    if (endsSegment || segment.bytes > this.#maxBytes / 4) segment.complete = true;
    this.#trim();
  }

  end(): void {
    const open = this.#open;
    if (open !== undefined) open.complete = true;
    this.#ended = true;
  }

  get #open(): GrowingSegment | undefined {
    const last = this.#segments.at(-1);
    return last?.complete === false ? last : undefined;
  }

  #begin(part: FragmentedPart): GrowingSegment {
    this.#clock ??= { atUs: part.startUs, ms: this.#now() - part.lastsUs / 1000 };
    const sequence = this.#nextSequence++;
    const segment: GrowingSegment = {
      sequence,
      uri: `${this.#token}-${sequence}.m4s`,
      init: this.#init as HlsInit,
      parts: [],
      durationUs: 0,
      bytes: 0,
      discontinuity: this.#pendingDiscontinuity,
      wallClockMs: Math.round(this.#clock.ms + (part.startUs - this.#clock.atUs) / 1000),
      complete: false,
    };
    this.#pendingDiscontinuity = false;
    this.#segments.push(segment);
    return segment;
  }

  #trim(): void {
    const lengthOf = (all: readonly GrowingSegment[]): number => all.reduce((sum, s) => sum + s.durationUs, 0);
    let lengthUs = lengthOf(this.#segments);
    for (;;) {
      const [first] = this.#segments;
      if (first === undefined || this.#segments.length === 1) break;
      if (lengthUs - first.durationUs < this.#windowUs && !this.#isShort) break;
      lengthUs -= first.durationUs;
      this.#segments.shift();
      this.#retired.push(first);
      if (first.discontinuity) this.#discontinuitySequence++;
      this.#forget(lengthOf);
    }
  }

  get #isShort(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  #forget(lengthOf: (all: readonly GrowingSegment[]) => number): void {
    while (this.#retired.length > 0 && (lengthOf(this.#retired) > this.#windowUs || this.#isShort)) {
      this.#bytes -= (this.#retired.shift() as GrowingSegment).bytes;
    }
  }
}

/** The media of a complete segment. */
export function segmentBytes(segment: HlsSegment): Buffer {
  return Buffer.concat(segment.parts.map(({ data }) => data));
}

function partUri(token: string, sequence: number, part: number): string {
  return `${token}-${sequence}.${part}.m4s`;
}
