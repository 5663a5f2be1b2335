import { SAMPLE_RATE } from '../sample-rate.js';

/** An impact that is loudest so much after its beginning at most is heard at its beginning. */
const SOON = Math.round(0.016 * SAMPLE_RATE);
/** Later than this, what is loudest is not the blow but what it sets off. */
const WITHIN = Math.round(0.06 * SAMPLE_RATE);

/**
 * The sample of an impact's sound that belongs at the moment that is seen. Usually that is its beginning; where it is loudest only some time after that, one that comes later, so that
 * the loudest sample is never far from the moment.
 *
 * @param samples One channel of {@link SAMPLE_RATE}.
 * @param onset Where the event begins in them.
 */
export function heardSample(samples: Float32Array, onset: number): number {
  const loudest = loudestOf(samples, onset, Math.min(samples.length, onset + WITHIN)) - onset;
  return onset + Math.max(0, loudest - SOON);
}

function loudestOf(samples: Float32Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) {
    if (Math.abs(samples[i] as number) > Math.abs(samples[best] as number)) best = i;
  }
  return best;
}
