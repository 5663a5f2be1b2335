import type { Random } from '../random.js';
import { BubbleVoices } from '../synthesis/bubbles.js';
import { Biquad } from '../synthesis/filters.js';
import { BED_BLOCK, type BedFill } from './bed-source.js';
import { Drift, Ramp } from './drift.js';
import { addBubbles, addPings } from './events.js';
import { PingVoices } from './pings.js';

/**
 * Rain: far drops are hiss, near ones ticks of leaves, stones and roofs, with sizes of many small and few large (Marshall & Palmer 1948 have them exponential), and some fall
 * into puddles.
 */
export function rainFill(random: Random): BedFill {
  const shower = new Drift(random, 0.08);
  const hiss = [Biquad.highPass(900), Biquad.lowPass(9000)] as const;
  const gain = new Ramp(1);
  const drops = new PingVoices(96);
  const puddles = new BubbleVoices(16);
  const body = Biquad.bandPass(420, 0.6);
  return (block) => {
    const now = Math.exp(0.12 * shower.next());
    addPings(
      block,
      random,
      700 * now,
      () =>
        drops.start(
          random.ratio(1200, 11_000),
          random.ratio(0.15, 0.9),
          0.5 * Math.min(1, 0.12 * random.wait(1)) ** 1.3,
        ),
      drops,
    );
    addBubbles(block, puddles, random, 18 * now, { radiiMm: [0.8, 2.6], gain: 0.18 });
    const loud = gain.toward(0.075 * now, BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) {
      const white = random.noise();
      block[i] = (block[i] as number) + loud(i) * (hiss[1].next(hiss[0].next(white)) + 0.5 * body.next(white));
    }
  };
}
