import { SAMPLE_RATE } from '../../sample-rate.js';
import { BED_BLOCK, BlockBed } from '../beds/bed-source.js';
import { type Random, randomOf } from '../random.js';
import type { BedKind } from '../vocabulary.js';

const LONGEST_PIECE = 9 * SAMPLE_RATE;
const LONGEST_FADE = SAMPLE_RATE;

interface Piece {
  readonly start: number;
  at: number;
}

/**
 * A recording that goes on for ever: pieces of it from random places, cross-faded at equal power, so that no end and no loop is heard.
 *
 * @param samples Mono, 48 kHz, at least 2 s. Borrowed as long as the bed is used.
 * @param gain That brings it to its level.
 */
export function loopBed(kind: BedKind, samples: Float32Array, gain: number, seed: number): BlockBed {
  const random = randomOf('loop', kind, seed);
  const length = Math.min(LONGEST_PIECE, Math.floor(0.7 * samples.length));
  const fade = Math.min(LONGEST_FADE, Math.floor(length / 3));
  let playing: Piece[] = [begin(random, samples.length - length, fade)];
  return new BlockBed(kind, gain, (block) => {
    for (let i = 0; i < BED_BLOCK; i++) {
      for (const piece of playing) {
        block[i] =
          (block[i] as number) + (samples[piece.start + piece.at] as number) * fadeGain(piece.at, length, fade);
        piece.at++;
      }
      const last = playing.at(-1) as Piece;
      if (last.at === length - fade) playing.push(begin(random, samples.length - length, 0));
      if ((playing[0] as Piece).at === length) playing = playing.slice(1);
    }
  });
}

function begin(random: Random, latest: number, at: number): Piece {
  return { start: Math.floor(random.unit() * latest), at };
}

function fadeGain(at: number, length: number, fade: number): number {
  if (at < fade) return Math.sin((Math.PI / 2) * (at / fade));
  if (at > length - fade) return Math.sin((Math.PI / 2) * ((length - at) / fade));
  return 1;
}
