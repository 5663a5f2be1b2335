import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { sharedNowMs } from './clock.js';
import type { Piece } from './pieces.js';
import { play } from './play.js';

/** Players without decoders. */
export interface CrowdSettings {
  /** One player each: see `play`. */
  readonly urls: readonly string[];
  /** Players of HTTP-FLV that read so slowly, bytes a second. */
  readonly slow: { readonly urls: readonly string[]; readonly bytesPerSecond: number };
  /** Players leave after 3 to this many seconds, and come again; nothing: they stay. */
  readonly stayS?: number | undefined;
  /** Pictures a second of the streams. */
  readonly frameRate: number;
  /** Folder for temporary files. */
  readonly work: string;
}

/** What a player has got since the crowd last told. */
export interface PlayerReport {
  readonly pictures: number;
  /** Pictures that did not come, by the times of those that did. */
  readonly missing: number;
  readonly bytes: number;
  /** Connections so far. */
  readonly connections: number;
  /** Of each picture: arrival less its time, on a clock that is the same for all players, milliseconds. */
  readonly lagsMs: readonly number[];
}

export interface CrowdReport {
  readonly players: readonly PlayerReport[];
  /** How often slow players were cut off so far. */
  readonly slowCutOff: number;
  readonly cpuSeconds: number;
}

/** Many players of the same stream or of several, in one process. */
export class Crowd {
  readonly #settings: CrowdSettings;
  readonly #players: CountedPlayer[];
  #slowCutOff = 0;

  constructor(settings: CrowdSettings) {
    this.#settings = settings;
    this.#players = settings.urls.map((url) => new CountedPlayer(url, settings));
  }

  report(): CrowdReport {
    const { user, system } = process.cpuUsage();
    const players = this.#players.map((player) => player.report());
    return { players, slowCutOff: this.#slowCutOff, cpuSeconds: (user + system) / 1e6 };
  }

  /** Without end. */
  async run(): Promise<void> {
    const { slow } = this.#settings;
    await Promise.all([
      ...this.#players.map((player) => player.run()),
      ...slow.urls.map((url) => this.#readSlowly(url, slow.bytesPerSecond)),
    ]);
  }

  async #readSlowly(url: string, bytesPerSecond: number): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => {
        const request = get(url, (answer) => {
          // Without a listener nothing is read ahead of the timer, beyond what the kernel takes.
          const timer = setInterval(() => answer.read(bytesPerSecond), 1000);
          answer
            .on('error', () => undefined)
            .once('close', () => {
              clearInterval(timer);
              this.#slowCutOff++;
              resolve();
            });
        });
        request.on('error', () => resolve());
      });
      await sleep(1000);
    }
  }
}

/** Counts what comes. */
class CountedPlayer {
  readonly #url: string;
  readonly #settings: CrowdSettings;
  #pictures = 0;
  #missing = 0;
  #bytes = 0;
  #connections = 0;
  #lagsMs: number[] = [];
  #lastUs: number | undefined;

  constructor(url: string, settings: CrowdSettings) {
    this.#url = url;
    this.#settings = settings;
  }

  async run(): Promise<void> {
    const { stayS, work } = this.#settings;
    for (;;) {
      const leave = new AbortController();
      const timer =
        stayS === undefined ? undefined : setTimeout(() => leave.abort(), (3 + Math.random() * (stayS - 3)) * 1000);
      await play(this.#url, {
        work,
        take: (piece) => this.#take(piece),
        connected: () => {
          this.#connections++;
          this.#lastUs = undefined;
        },
        signal: leave.signal,
      });
      clearTimeout(timer);
      await sleep(1000);
    }
  }

  report(): PlayerReport {
    const report = {
      pictures: this.#pictures,
      missing: this.#missing,
      bytes: this.#bytes,
      connections: this.#connections,
      lagsMs: this.#lagsMs,
    };
    this.#pictures = this.#missing = this.#bytes = 0;
    this.#lagsMs = [];
    return report;
  }

  #take({ kind, data, ptsUs }: Piece): void {
    this.#bytes += data.length;
    if (kind !== 'video') return;
    this.#pictures++;
    this.#lagsMs.push(sharedNowMs() - ptsUs / 1000);
    const periods = this.#lastUs === undefined ? 1 : ((ptsUs - this.#lastUs) * this.#settings.frameRate) / 1e6;
    this.#missing += Math.max(0, Math.round(periods) - 1);
    this.#lastUs = ptsUs;
  }
}
