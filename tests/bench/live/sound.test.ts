import { describe, expect, it } from 'vitest';
import type { Beep } from '../../../bench/live/beep-finder.js';
import { skewMs } from '../../../bench/live/skew.js';
import { LOOP_SECONDS, soundLoop } from '../../../bench/live/sound-loop.js';
import { Viewer } from '../../../bench/live/viewer.js';

/** What a viewer hears of so many rounds of the loop, at a delay. */
function heard(rounds: number, delayUs = 0): readonly Beep[] {
  const { track, packets, packetUs } = soundLoop();
  const viewer = new Viewer(0, 30);
  const header = Buffer.from(track.extradataBase64 ?? '', 'base64');
  viewer.take({ kind: 'audio-header', data: header, ptsUs: 0, arrivedMs: 0 });
  for (let i = 0; i < rounds * packets.length; i++) {
    const data = Buffer.from(packets[i % packets.length] ?? []);
    viewer.take({ kind: 'audio', data, ptsUs: i * packetUs + delayUs, arrivedMs: 0 });
  }
  return viewer.report().beeps;
}

const pictures = (offsetUs: number) =>
  Array.from({ length: 60 }, (_, i) => ({ picture: 300 + i, ptsUs: ((300 + i) * 1e6) / 30 + offsetUs }));

describe('the sound of the camera', () => {
  it('beeps at each full second, also where the loop begins again, and each beep says which it is', () => {
    const beeps = heard(2);
    expect(beeps.map(({ second }) => second)).toEqual(
      Array.from({ length: 2 * LOOP_SECONDS }, (_, i) => i % LOOP_SECONDS),
    );
    // A decoder has only half of the very first packet.
    for (const { ptsUs } of beeps.slice(1)) {
      expect(Math.abs(ptsUs / 1e6 - Math.round(ptsUs / 1e6))).toBeLessThan(0.004);
    }
  });

  it('is not shifted by itself', () => {
    expect(Math.abs(skewMs(heard(1), pictures(0), 30))).toBeLessThan(4);
  });

  it.each([-250, 120, 3000])('tells a shift of %d ms, on whatever timeline', (shiftMs) => {
    const skew = skewMs(heard(1, 5e6 + shiftMs * 1000), pictures(5e6), 30);
    expect(Math.abs(skew - shiftMs)).toBeLessThan(4);
  });

  it('has no answer without sound or pictures', () => {
    expect(skewMs([], pictures(0), 30)).toBeNaN();
    expect(skewMs([{ ptsUs: 0, second: 0 }], [], 30)).toBeNaN();
  });
});
