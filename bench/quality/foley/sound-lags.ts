import { DECODED_RATE } from './decode-sound.js';

/** Where a peak is looked for, seconds before and after. */
const [BEFORE_S, AFTER_S] = [0.1, 0.1];
/** What is heard until so long before a moment belongs to something else. */
const EARLIER_S = 0.04;
/** An impact that is not so many times as loud as what was there before cannot be told from it: where that rings half as loud, both together are loudest some time after the contact. */
const LOUDER = 3;
/** Quieter than this is silence: −80 dBFS. */
const SILENCE = 1e-4;

/**
 * How much later than each moment (seconds) sound is loudest around it, seconds; nothing where that cannot be told.
 *
 * @param samples Mono, 48 kHz, from time 0.
 */
export function soundLags(samples: Float32Array, moments: readonly number[]): readonly (number | undefined)[] {
  return moments.map((moment, index) => {
    const next = moments[index + 1] ?? Number.POSITIVE_INFINITY;
    const after = Math.min(AFTER_S, (next - moment) / 2);
    const at = loudest(samples, moment - BEFORE_S, moment + after);
    const before = loudest(samples, moment - BEFORE_S, moment - EARLIER_S);
    const peak = Math.abs(samples[at] ?? 0);
    const isClear = peak > SILENCE && peak > LOUDER * Math.abs(samples[before] ?? 0);
    return isClear ? at / DECODED_RATE - moment : undefined;
  });
}

/** Index of the loudest sample between two times. */
function loudest(samples: Float32Array, from: number, to: number): number {
  const begin = Math.max(0, Math.round(from * DECODED_RATE));
  let best = begin;
  for (let i = begin; i < Math.min(samples.length, to * DECODED_RATE); i++) {
    if (Math.abs(samples[i] as number) > Math.abs(samples[best] as number)) best = i;
  }
  return best;
}
