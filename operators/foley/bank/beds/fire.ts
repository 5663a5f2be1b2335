import type { Random } from '../random.js';
import { Biquad, PinkFilter } from '../synthesis/filters.js';
import { BED_BLOCK, type BedFill } from './bed-source.js';
import { Drift, Ramp } from './drift.js';
import { addPings } from './events.js';
import { PingVoices } from './pings.js';

/** Fire: flames that lap (deep noise), gas that hisses, and wood that crackles, in bursts (A. Farnell, *Designing Sound*, 2010, ch. 34). */
export function fireFill(random: Random): BedFill {
  const pink = new PinkFilter();
  const lapping = Biquad.lowPass(170, 0.8);
  const lap = new Drift(random, 2.2);
  const lapGain = new Ramp(1);
  const hissing = Biquad.bandPass(3800, 0.5);
  const hiss = new Drift(random, 0.7);
  const hissGain = new Ramp();
  const crackles = new PingVoices(48);
  const burst = new Drift(random, 0.5);
  const crackle = (): void => {
    const loud = 1.3 * Math.min(1, 0.22 * random.wait(1)) ** 1.4;
    const hz = random.ratio(900, 7000);
    // A crack is a wide click and the short ring of the log.
    crackles.start(hz, random.ratio(0.2, 0.9), loud);
    crackles.start(random.ratio(5000, 12_000), 0.12, 0.7 * loud);
  };
  return (block) => {
    const laps = lapGain.toward(Math.exp(0.28 * lap.next()), BED_BLOCK);
    const hisses = hissGain.toward(0.11 * Math.exp(0.35 * hiss.next()), BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) {
      const white = random.noise();
      const x = 0.6 * laps(i) * lapping.next(pink.next(white)) + hisses(i) * hissing.next(white);
      block[i] = (block[i] as number) + x;
    }
    addPings(block, random, 22 * Math.exp(0.7 * burst.next()), crackle, crackles);
  };
}
