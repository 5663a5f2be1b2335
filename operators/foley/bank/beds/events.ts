import { SAMPLE_RATE } from '../../sample-rate.js';
import type { Random } from '../random.js';
import { type BubbleVoices, commonBubble } from '../synthesis/bubbles.js';
import { BED_BLOCK } from './bed-source.js';
import type { PingVoices } from './pings.js';

/** Bubbles begin on a grid of 1 ms, fine enough for the ear. */
const STEP = 48;

/** Starts bubbles all along a block, `rate` a second, and adds what sounds. */
export function addBubbles(
  block: Float32Array,
  voices: BubbleVoices,
  random: Random,
  rate: number,
  { radiiMm, gain }: { readonly radiiMm: readonly [number, number]; readonly gain: number },
): void {
  const perSample = rate / SAMPLE_RATE;
  let next = random.wait(perSample);
  for (let from = 0; from < BED_BLOCK; from += STEP) {
    for (; next < from + STEP; next += random.wait(perSample)) {
      const bubble = commonBubble(random, radiiMm);
      voices.start({ ...bubble, gain: gain * bubble.gain });
    }
    voices.addTo(block, from, from + STEP);
  }
}

/** Starts pings at random samples of a block, `rate` a second, and adds what sounds. */
export function addPings(
  block: Float32Array,
  random: Random,
  rate: number,
  start: () => void,
  voices: PingVoices,
): void {
  let from = 0;
  const perSample = rate / SAMPLE_RATE;
  for (let next = random.wait(perSample); next < BED_BLOCK; next += random.wait(perSample)) {
    const at = Math.floor(next);
    voices.addTo(block, from, at);
    from = at;
    start();
  }
  voices.addTo(block, from, BED_BLOCK);
}
