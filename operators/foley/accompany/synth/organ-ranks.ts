import { SAMPLE_RATE } from '../../sample-rate.js';
import { frequencyOf } from './piano-string.js';

/** Samples of a table: one period. A power of two. */
export const TABLE_SIZE = 2048;
/** Highest harmonic that is sounded, in hertz. */
const HIGHEST = 11_000;

/** A set of pipes: how they are tuned against the key, how loud they are, what they sound like. */
export interface Rank {
  /** 1 for eight-foot pipes, 2 for four-foot ones, 0.5 for sixteen. */
  readonly ratio: number;
  readonly level: number;
  /** Amplitudes of the harmonics, the fundamental first. */
  readonly harmonics: readonly number[];
  /** Keys that have such a pipe, MIDI numbers. */
  readonly keys: readonly [least: number, most: number];
}

const strings = Array.from({ length: 12 }, (_, i) => (i + 1) ** -0.9);

/**
 * A small theatre organ: stopped flutes (tibia) that carry the sound, a flute an octave above, a pair of strings slightly out of
 * tune with them (celeste), and a sixteen-foot bourdon in the bass. Spectra are our own, after the usual descriptions of such
 * ranks (stopped wooden pipes: odd harmonics; strings: many).
 */
export const ranks: readonly Rank[] = [
  { ratio: 1, level: 1, harmonics: [1, 0.04, 0.2, 0.015, 0.05], keys: [0, 127] },
  { ratio: 2, level: 0.28, harmonics: [1, 0.12, 0.05], keys: [0, 88] },
  { ratio: 1.0022, level: 0.16, harmonics: strings, keys: [43, 96] },
  { ratio: 0.5, level: 0.55, harmonics: [1, 0.02, 0.14], keys: [36, 52] },
];

/** A pipe's period and its steps through the table at each sample. */
export interface Pipe {
  readonly table: Float32Array;
  readonly step: number;
  readonly level: number;
}

const tables = new Map<string, Float32Array>();

/** The pipes that a key opens. Tables hold only harmonics below 11 kHz, and are made once. */
export function pipesOf(midi: number): readonly Pipe[] {
  return ranks.flatMap((rank, index) => {
    if (midi < rank.keys[0] || midi > rank.keys[1]) return [];
    const frequency = frequencyOf(midi) * rank.ratio;
    const count = Math.min(rank.harmonics.length, Math.max(1, Math.floor(HIGHEST / frequency)));
    return [{ table: tableOf(index, count), step: (frequency * TABLE_SIZE) / SAMPLE_RATE, level: rank.level }];
  });
}

function tableOf(rank: number, count: number): Float32Array {
  const name = `${rank}/${count}`;
  const known = tables.get(name);
  if (known !== undefined) return known;
  const harmonics = (ranks[rank] as Rank).harmonics.slice(0, count);
  const table = Float32Array.from({ length: TABLE_SIZE }, (_, i) =>
    harmonics.reduce((sum, level, n) => sum + level * Math.sin((2 * Math.PI * (n + 1) * i) / TABLE_SIZE), 0),
  );
  tables.set(name, table);
  return table;
}
