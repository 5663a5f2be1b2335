import type { Random } from '../random.js';
import { Biquad, PinkFilter } from '../synthesis/filters.js';
import { BED_BLOCK, type BedFill } from './bed-source.js';
import { Drift, Ramp } from './drift.js';
import { addPings } from './events.js';
import { PingVoices } from './pings.js';

/** Wind comes in gusts of some seconds, on a flow that changes slowly; 0.4–2.2 or so, 1 on the whole. */
function gusts(random: Random): () => number {
  const slow = new Drift(random, 0.06);
  const fast = new Drift(random, 0.35);
  return () => Math.exp(0.2 * slow.next() + 0.22 * fast.next());
}

/** Wind: pink noise in a band that rises with its speed, and the whistle at edges (A. Farnell, *Designing Sound*, 2010, ch. 41). */
export function windFill(random: Random): BedFill {
  const speed = gusts(random);
  const pink = new PinkFilter();
  const body = new Biquad();
  const edges = [620, 930].map((hz) => ({
    hz: hz * random.ratio(0.85, 1.15),
    band: new Biquad(),
    own: new Drift(random, 0.2),
  }));
  const gain = new Ramp(1);
  const whistle = edges.map(() => new Ramp());
  return (block) => {
    const now = speed();
    body.toBandPass(230 * now, 0.55);
    const loud = gain.toward(now, BED_BLOCK);
    const whistling = edges.map(({ hz, band, own }, e) => {
      const swell = Math.max(0, own.next()) * Math.max(0, now - 0.7);
      band.toBandPass(hz * now ** 0.5, 14);
      return (whistle[e] as Ramp).toward(0.9 * swell, BED_BLOCK);
    });
    for (let i = 0; i < BED_BLOCK; i++) {
      const air = pink.next(random.noise());
      let x = loud(i) * 1.6 * body.next(air);
      for (let e = 0; e < edges.length; e++) {
        x += (whistling[e] as (i: number) => number)(i) * (edges[e] as (typeof edges)[number]).band.next(air);
      }
      block[i] = (block[i] as number) + x;
    }
  };
}

/** Wind in trees: leaves that brush one another (noise above 1.5 kHz which flutters), single leaves and twigs, and some wind. */
export function treesFill(random: Random): BedFill {
  const speed = gusts(random);
  const crowns = [2300, 4200, 6800].map((hz) => ({
    band: Biquad.bandPass(hz, 0.7),
    flutter: new Drift(random, 3),
    gain: new Ramp(),
  }));
  const wind = Biquad.bandPass(260, 0.6);
  const pink = new PinkFilter();
  const windGain = new Ramp(1);
  const twigs = new PingVoices(24);
  return (block) => {
    const now = speed();
    for (const { band, flutter, gain } of crowns) {
      const loud = gain.toward(0.3 * now ** 1.25 * Math.exp(0.3 * flutter.next()), BED_BLOCK);
      for (let i = 0; i < BED_BLOCK; i++) block[i] = (block[i] as number) + loud(i) * band.next(random.noise());
    }
    const low = windGain.toward(0.5 * now, BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) {
      block[i] = (block[i] as number) + low(i) * wind.next(pink.next(random.noise()));
    }
    addPings(
      block,
      random,
      40 * now ** 2,
      () => twigs.start(random.ratio(2500, 9000), random.ratio(0.3, 1.5), 0.25 * random.unit() ** 3),
      twigs,
    );
  };
}

/** The sound of a room in which nothing happens: air, very low and soft. */
export function roomFill(random: Random): BedFill {
  const pink = new PinkFilter();
  const low = Biquad.lowPass(260 * random.ratio(0.8, 1.25), 0.6);
  const air = Biquad.bandPass(1100 * random.ratio(0.8, 1.25), 0.3);
  const drift = new Drift(random, 0.1);
  const gain = new Ramp(1);
  return (block) => {
    const loud = gain.toward(1 + 0.06 * drift.next(), BED_BLOCK);
    for (let i = 0; i < BED_BLOCK; i++) {
      const x = pink.next(random.noise());
      block[i] = (block[i] as number) + loud(i) * (low.next(x) + 0.22 * air.next(x));
    }
  };
}
