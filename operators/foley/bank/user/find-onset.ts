import { SAMPLE_RATE } from '../../sample-rate.js';

/** Windows of 1 ms. */
const WINDOW = SAMPLE_RATE / 1000;
/** The event begins where sound first comes within this of its loudest millisecond. */
const BELOW_PEAK = 10 ** (-20 / 20);
/** Of the beginning that is kept before the onset, samples: 2 ms. */
const BEFORE = 2 * WINDOW;

/**
 * Where a recorded event begins: the first millisecond whose level is within 20 dB of that of the loudest one. What is faint before it (breath, a hand that moves) does not count.
 */
export function findOnset(samples: Float32Array): number {
  const levels: number[] = [];
  for (let begin = 0; begin < samples.length; begin += WINDOW) {
    let peak = 0;
    for (const x of samples.subarray(begin, begin + WINDOW)) peak = Math.max(peak, Math.abs(x));
    levels.push(peak);
  }
  const loudest = levels.reduce((a, b) => Math.max(a, b), 0);
  return (
    Math.max(
      0,
      levels.findIndex((level) => level >= loudest * BELOW_PEAK),
    ) * WINDOW
  );
}

/** Cuts what comes long before the onset, and says where it is now: silence before an event would only need room. */
export function trimBeforeOnset(samples: Float32Array, onset: number): { samples: Float32Array; onsetSample: number } {
  const begin = Math.max(0, Math.min(samples.length - 1, onset) - BEFORE);
  const kept = samples.slice(begin);
  const fade = Math.min(BEFORE, onset - begin);
  for (let i = 0; begin > 0 && i < fade; i++) kept[i] = (kept[i] as number) * (i / fade);
  return { samples: kept, onsetSample: onset - begin };
}
