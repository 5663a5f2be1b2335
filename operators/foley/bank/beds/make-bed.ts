import { type Random, randomOf } from '../random.js';
import type { BedKind } from '../vocabulary.js';
import { roomFill, treesFill, windFill } from './air.js';
import { type BedFill, type BedSource, BlockBed } from './bed-source.js';
import { crowdFill } from './crowd.js';
import { fireFill } from './fire.js';
import { rainFill } from './rain.js';
import { engineFill, streetFill } from './street.js';
import { streamFill, wavesFill } from './water.js';

interface BedRecipe {
  readonly fill: (random: Random) => BedFill;
  /** Brings its mean loudness to about −23 LUFS (measured over four minutes of three seeds). */
  readonly gainDb: number;
}

const beds: Readonly<Record<BedKind, BedRecipe>> = {
  water: { fill: streamFill, gainDb: -6.5 },
  waves: { fill: wavesFill, gainDb: -7.8 },
  wind: { fill: windFill, gainDb: -12 },
  trees: { fill: treesFill, gainDb: -12.5 },
  rain: { fill: rainFill, gainDb: 3.8 },
  crowd: { fill: crowdFill, gainDb: -2.8 },
  street: { fill: streetFill, gainDb: -7.4 },
  engine: { fill: engineFill, gainDb: -4.7 },
  fire: { fill: fireFill, gainDb: -4.2 },
  room: { fill: roomFill, gainDb: -6.3 },
};

/** A bed of our own. The same seed gives the same sound, whatever number of frames is asked for at a time. */
export function makeBed(kind: BedKind, seed: number): BedSource {
  const { fill, gainDb } = beds[kind];
  return new BlockBed(
    kind,
    10 ** (gainDb / 20),
    fill(randomOf('bed', kind, Number.isFinite(seed) ? Math.trunc(seed) : 0)),
  );
}
