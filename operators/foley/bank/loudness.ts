import { KWeighting } from '../mix/k-weighting.js';
import { SAMPLE_RATE } from '../sample-rate.js';

const OFFSET_DB = -0.691;
/** What silence is given, LUFS. */
const NOTHING = -120;
const BLOCK = Math.round(0.4 * SAMPLE_RATE);
const HOP = Math.round(0.1 * SAMPLE_RATE);

/**
 * How loud a single sound is: the loudest 400 ms of it (maximum momentary loudness, EBU Tech 3341), LUFS, one channel. Sounds shorter than that are taken as if silence
 * followed. −120 for silence.
 */
export function momentaryLoudness(samples: Float32Array): number {
  const powers = weightedPowers(samples);
  let loudest = 0;
  for (let begin = 0; begin === 0 || begin + BLOCK <= powers.length; begin += HOP) {
    let sum = 0;
    for (const power of powers.subarray(begin, begin + BLOCK)) sum += power;
    loudest = Math.max(loudest, sum / BLOCK);
  }
  return inLufs(loudest);
}

/** How loud a steady sound is all along, without gates, LUFS, one channel. −120 for silence. */
export function meanLoudness(samples: Float32Array): number {
  let sum = 0;
  for (const power of weightedPowers(samples)) sum += power;
  return inLufs(sum / Math.max(1, samples.length));
}

function weightedPowers(samples: Float32Array): Float32Array {
  const weighting = new KWeighting();
  return samples.map((x) => weighting.next(x) ** 2);
}

function inLufs(power: number): number {
  return power > 0 ? Math.max(NOTHING, OFFSET_DB + 10 * Math.log10(power)) : NOTHING;
}
