import { SAMPLE_RATE } from '../sample-rate.js';

/** An impact that is loudest so much after its beginning at most is heard at its beginning. */
const SOON = Math.round(0.016 * SAMPLE_RATE);
/** Later than this, what is loudest is not the blow but what it sets off. */
const WITHIN = Math.round(0.06 * SAMPLE_RATE);

/** How loud what comes after a blow may be, of the blow: first reflections of a room add up to half as much to what rings on. */
const SET_OFF = 0.6;
/** In which that is reached. */
const TURN = Math.round(0.01 * SAMPLE_RATE);

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

/**
 * Makes what an impact sets off softer than its blow, by as little as that takes, so that the loudest sample is the blow's whatever pitch, pan and room do to it: modes that beat against
 * each other may be as loud again after 50 ms.
 *
 * @param samples Changed.
 * @param onset Where the event begins in them.
 */
export function loudestAtBlow(samples: Float32Array, onset: number): Float32Array {
  const after = heardSample(samples, onset) + SOON;
  const blow = Math.abs(samples[loudestOf(samples, onset, Math.min(samples.length, after + 1))] ?? 0);
  const rest = Math.abs(samples[loudestOf(samples, Math.min(samples.length, after + 1), samples.length)] ?? 0);
  if (rest <= SET_OFF * blow) return samples;
  const gain = (SET_OFF * blow) / rest;
  for (let i = after + 1; i < samples.length; i++) {
    const turned = Math.min(1, (i - after) / TURN);
    samples[i] = (samples[i] as number) * (1 + (gain - 1) * turned);
  }
  return samples;
}

function loudestOf(samples: Float32Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) {
    if (Math.abs(samples[i] as number) > Math.abs(samples[best] as number)) best = i;
  }
  return best;
}
