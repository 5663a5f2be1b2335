import { VitascopeError } from '../../pipeline/index.js';

type Track = 'video' | 'audio';

interface Flow {
  /** Since when it has come without a pause in this connection; nothing as long as it has not come. */
  sinceMs: number | undefined;
  lastMs: number;
  /** What the other track has come for since this one came last. */
  silentMs: number;
  /** The source was connected anew to bring it back, and it has not been steady since. */
  tried: boolean;
  /** It is known that it does not come. */
  missed: boolean;
}

/** A longer pause between two packets is a pause of the whole source, and says nothing about one track. */
const MAX_STEP_MS = 1000;

/** Time that a track must have come without a pause for another pause to be worth another connection, milliseconds. */
const TRUSTED_MS = 60_000;

const words: Readonly<Record<Track, string>> = { video: 'pictures', audio: 'sound' };

/**
 * Notices that one track of a source stops while the other goes on. That counts as a loss, once: where a new connection does not bring the track back, the
 * source has given it up, and what remains goes on.
 */
export class TrackWatch {
  readonly #name: string;
  readonly #stallMs: number;
  readonly #changed: (what: string) => void;
  readonly #mayReconnect: boolean;
  readonly #flows = new Map<Track, Flow>();

  /** @param mayReconnect False: nothing is ever a loss, it is only said. */
  constructor(name: string, stallMs: number, mayReconnect: boolean, changed: (what: string) => void) {
    this.#name = name;
    this.#stallMs = stallMs;
    this.#mayReconnect = mayReconnect;
    this.#changed = changed;
  }

  /** A new connection begins. */
  connected(): void {
    for (const flow of this.#flows.values())
      Object.assign(flow, { sinceMs: undefined, lastMs: Number.NaN, silentMs: 0 });
  }

  /** @throws VitascopeError `INPUT_UNREADABLE` when the other track has been away for too long. */
  arrived(track: Track, nowMs: number): void {
    const flow = this.#flow(track);
    if (flow.missed) this.#changed(`${words[track]} ${track === 'video' ? 'come' : 'comes'} again`);
    flow.missed = false;
    const stepMs = Number.isNaN(flow.lastMs) ? 0 : nowMs - flow.lastMs;
    if (flow.sinceMs === undefined || stepMs > this.#stallMs) flow.sinceMs = nowMs;
    flow.lastMs = nowMs;
    flow.silentMs = 0;
    if (nowMs - flow.sinceMs > TRUSTED_MS) flow.tried = false;
    const other = track === 'video' ? 'audio' : 'video';
    this.#check(other, this.#flows.get(other), Math.min(stepMs, MAX_STEP_MS));
  }

  #check(track: Track, flow: Flow | undefined, stepMs: number): void {
    if (flow === undefined || flow.missed) return;
    flow.silentMs += stepMs;
    if (flow.silentMs <= this.#stallMs) return;
    const what = `no ${words[track]} came for ${this.#stallMs / 1000} s`;
    if (flow.tried || !this.#mayReconnect) {
      flow.missed = true;
      this.#changed(`${what}; what else there is goes on`);
      return;
    }
    flow.tried = true;
    throw new VitascopeError('INPUT_UNREADABLE', `lost ${this.#name}: ${what}, though other tracks go on`);
  }

  #flow(track: Track): Flow {
    const known = this.#flows.get(track);
    if (known !== undefined) return known;
    const flow = { sinceMs: undefined, lastMs: Number.NaN, silentMs: 0, tried: false, missed: false };
    this.#flows.set(track, flow);
    return flow;
  }
}
