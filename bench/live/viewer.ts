import { type Beep, BeepFinder } from './beep-finder.js';
import { sharedNowMs } from './clock.js';
import { PieceDecoder } from './piece-decoder.js';
import type { Piece } from './pieces.js';
import { readStamp, type Stamp } from './stamp.js';

/** A picture as a viewer sees it. */
export interface SeenStamp extends Stamp {
  /** When it came, on the clock of the stamps. */
  readonly arrivedMs: number;
  /** When it could be shown, on the clock of the stamps. */
  readonly seenMs: number;
  /** On the timeline of the player. */
  readonly ptsUs: number;
}

/** What a viewer has seen since it last told. */
export interface ViewerReport {
  readonly pictures: readonly SeenStamp[];
  readonly beeps: readonly Beep[];
  /** Of each part of HLS: how old the picture is that a player shows which keeps the distance that the playlist asks for, milliseconds. */
  readonly heldBackMs: readonly { readonly seenMs: number; readonly ageMs: number }[];
  /** Pictures whose stamp could not be read. */
  readonly unreadable: number;
  /** CPU time of the viewer so far, seconds. */
  readonly cpuSeconds: number;
}

/** Decodes what a player gets, without any buffer, and reads what pictures say about themselves. */
export class Viewer {
  readonly #epochMs: number;
  readonly #pictureMs: number;
  readonly #video = new PieceDecoder('video');
  readonly #audio = new PieceDecoder('audio');
  #finder = new BeepFinder();
  #pictures: SeenStamp[] = [];
  #beeps: Beep[] = [];
  #heldBackMs: { seenMs: number; ageMs: number }[] = [];
  #unreadable = 0;
  #last: SeenStamp | undefined;

  /** @param epochMs What stamps count from. @param frameRate Pictures a second of the source. */
  constructor(epochMs: number, frameRate: number) {
    this.#epochMs = epochMs;
    this.#pictureMs = 1000 / frameRate;
  }

  take({ kind, data, ptsUs, arrivedMs }: Piece): void {
    if (kind === 'video-header') this.#video.setHeader(data);
    else if (kind === 'audio-header') {
      this.#audio.setHeader(data);
      this.#finder = new BeepFinder();
    } else if (kind === 'video') this.#see(data, ptsUs, arrivedMs - this.#epochMs);
    else this.#hear(data, ptsUs);
  }

  /** A part of HLS is over. */
  partEnded(arrivedMs: number, holdBackMs: number): void {
    if (this.#last === undefined) return;
    const seenMs = arrivedMs - this.#epochMs;
    const edgeMs = this.#last.takenMs + this.#pictureMs;
    this.#heldBackMs.push({ seenMs, ageMs: seenMs - edgeMs + holdBackMs });
  }

  report(): ViewerReport {
    const { user, system } = process.cpuUsage();
    return {
      pictures: this.#pictures.splice(0),
      beeps: this.#beeps.splice(0),
      heldBackMs: this.#heldBackMs.splice(0),
      unreadable: this.#unreadable,
      cpuSeconds: (user + system) / 1e6,
    };
  }

  #see(data: Buffer, ptsUs: number, arrivedMs: number): void {
    this.#video.decode(data, ptsUs, (frame, us) => {
      const seenMs = sharedNowMs() - this.#epochMs;
      const [luma] = frame.data ?? [];
      const [stride = 0] = frame.linesize;
      if (luma === undefined) return;
      const stamp = readStamp({ data: luma, stride, width: frame.width, height: frame.height });
      if (stamp === undefined) this.#unreadable++;
      else {
        this.#last = { ...stamp, arrivedMs, seenMs, ptsUs: us };
        this.#pictures.push(this.#last);
      }
    });
  }

  #hear(data: Buffer, ptsUs: number): void {
    this.#audio.decode(data, ptsUs, (frame, us) => {
      const [bytes] = frame.data ?? [];
      if (bytes === undefined) return;
      const samples = new Float32Array(new Uint8Array(bytes).buffer, 0, frame.nbSamples);
      this.#beeps.push(...this.#finder.push(samples, us));
    });
  }
}
