import { FormatContext, Packet } from 'node-av/lib';
import { type Microseconds, type Rational, toMicroseconds } from '../../pipeline/index.js';
import { avCheck } from '../libav/av.js';
import { type PieceRecord, pieceMediaPath } from './piece.js';

/** A packet with its moment of decoding, ready to be muxed; times are in the packet's own time base. */
export interface TimedPacket {
  readonly packet: Packet;
  readonly dtsUs: Microseconds;
}

/**
 * The packets of finished pieces as one stream. Times come from the records: presentation times as encoded, decoding times made
 * anew so that they grow across pieces: the i-th packet decodes at the presentation time of the picture that is `delay` places
 * earlier in order of display, the usual rule of reordering decoders.
 */
export class PiecePackets {
  readonly #folder: string;
  readonly #pieces: readonly PieceRecord[];
  readonly #delay: number;
  readonly #packet = new Packet();
  /** Presentation times, in order of display, that no packet has used as its decoding time yet. */
  readonly #history: number[] = [];
  #at = 0;
  #input: FormatContext | undefined;
  #times: readonly TimedEntry[] = [];
  #next = 0;

  constructor(folder: string, pieces: readonly PieceRecord[]) {
    this.#folder = folder;
    this.#pieces = pieces;
    this.#delay = Math.max(0, ...pieces.map((p) => reorderDelay(p.pts)));
    this.#packet.alloc();
  }

  get timeBase(): Rational {
    return (this.#pieces[0] as PieceRecord).timeBase;
  }

  /** The next packet, borrowed until the next call; nothing at the end. @throws VitascopeError `INPUT_CHANGED` when a piece is damaged. */
  next(): TimedPacket | undefined {
    for (;;) {
      if (this.#next < this.#times.length) return this.#read();
      this.#closeInput();
      const piece = this.#pieces[this.#at++];
      if (piece === undefined) return undefined;
      this.#openPiece(piece);
    }
  }

  close(): void {
    this.#closeInput();
    this.#packet.free();
  }

  #openPiece(piece: PieceRecord): void {
    const input = new FormatContext();
    const path = pieceMediaPath(this.#folder, piece.index);
    avCheck(input.openInputSync(path, null, null), 'INPUT_CHANGED', `cannot read ${path}`);
    this.#input = input;
    this.#times = this.#timesOf(piece, this.#pieces[this.#at]);
    this.#next = 0;
  }

  #timesOf(piece: PieceRecord, following: PieceRecord | undefined): TimedEntry[] {
    const sorted = [...piece.pts].sort((a, b) => a - b);
    const rank = new Map(sorted.map((pts, i) => [pts, i]));
    const last = sorted[sorted.length - 1] as number;
    const nextPiece = following === undefined ? undefined : Math.min(...following.pts);
    const end = nextPiece ?? last + Math.max(1, piece.lastDuration);
    const step = Math.max(1, Math.round((last - (sorted[0] as number)) / Math.max(1, sorted.length - 1)));
    return piece.pts.map((pts, i) => {
      this.#history.push(sorted[i] as number);
      const missing = this.#delay + 1 - this.#history.length;
      const earliest = this.#history[0] as number;
      const dts = missing > 0 ? earliest - missing * step : (this.#history.shift() as number);
      const next = sorted[(rank.get(pts) as number) + 1] ?? end;
      return { pts, dts, duration: next - pts };
    });
  }

  #read(): TimedPacket {
    const result = (this.#input as FormatContext).readFrameSync(this.#packet);
    avCheck(result, 'INPUT_CHANGED', 'a finished piece ends too early');
    const { pts, dts, duration } = this.#times[this.#next++] as TimedEntry;
    const packet = this.#packet;
    packet.pts = BigInt(pts);
    packet.dts = BigInt(dts);
    packet.duration = BigInt(duration);
    return { packet, dtsUs: toMicroseconds(packet.dts, this.timeBase) };
  }

  #closeInput(): void {
    this.#input?.closeInputSync();
    this.#input = undefined;
    this.#times = [];
    this.#next = 0;
  }
}

interface TimedEntry {
  readonly pts: number;
  readonly dts: number;
  readonly duration: number;
}

/** How many places before its turn in display order a packet is decoded, at most. */
export function reorderDelay(ptsInDecodingOrder: readonly number[]): number {
  const rank = new Map([...ptsInDecodingOrder].sort((a, b) => a - b).map((pts, i) => [pts, i]));
  let delay = 0;
  for (const [i, pts] of ptsInDecodingOrder.entries()) delay = Math.max(delay, i - (rank.get(pts) as number));
  return delay;
}
