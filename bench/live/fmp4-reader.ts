import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { FormatContext, Packet } from 'node-av/lib';
import { toMicroseconds } from '../../pipeline/index.js';
import { avCheck, rational } from '../../streams/libav/av.js';
import type { Piece } from './pieces.js';

/** Takes fragments of MP4 apart, by FFmpeg, each as soon as it is there. */
export class Fmp4Reader {
  readonly #file: string;
  #header: Buffer = Buffer.alloc(0);
  #isNew = true;

  /** @param work Folder for the file that FFmpeg reads. */
  constructor(work: string) {
    this.#file = join(work, `part-${randomUUID()}.mp4`);
  }

  /** The initialization section that fragments from now on belong to. */
  setHeader(header: Buffer): void {
    this.#header = header;
    this.#isNew = true;
  }

  /** The pieces of a fragment, headers first where they are new. */
  read(fragment: Buffer, arrivedMs: number): Piece[] {
    writeFileSync(this.#file, Buffer.concat([this.#header, fragment]));
    const input = new FormatContext();
    const packet = new Packet();
    packet.alloc();
    const pieces: Piece[] = [];
    try {
      avCheck(input.openInputSync(this.#file), 'INPUT_UNREADABLE', 'a part of HLS');
      const tracks = input.streams.map(({ codecpar, timeBase }) => ({
        kind: codecpar.codecType === AVMEDIA_TYPE_VIDEO ? ('video' as const) : ('audio' as const),
        extradata: codecpar.extradata,
        timeBase: rational(timeBase),
      }));
      if (this.#isNew) {
        for (const { kind, extradata } of tracks) {
          pieces.push({ kind: `${kind}-header`, data: Buffer.from(extradata ?? []), ptsUs: 0, arrivedMs });
        }
      }
      this.#isNew = false;
      while (input.readFrameSync(packet) >= 0) {
        const track = tracks[packet.streamIndex];
        if (track !== undefined) {
          const ptsUs = toMicroseconds(packet.pts, track.timeBase);
          pieces.push({ kind: track.kind, data: Buffer.from(packet.data ?? []), ptsUs, arrivedMs });
        }
        packet.unref();
      }
      return pieces;
    } finally {
      packet.free();
      input.closeInputSync();
      rmSync(this.#file, { force: true });
    }
  }
}
