import { describe, expect, it } from 'vitest';
import type { PeopleInFrame } from '../../../../bench/quality/pose/film-people.js';
import { jitterOf } from '../../../../bench/quality/pose/jitter.js';
import { lagMs } from '../../../../bench/quality/pose/lag.js';
import { type NamedFrame, nameThem } from '../../../../bench/quality/pose/named-poses.js';
import { FPS, film, named, person } from './film-of-people.js';

const all = [{ fromS: 0, toS: 1000 }];
const somebody = named('somebody', -1000, 1000);

function seen(frames: readonly PeopleInFrame[]): readonly NamedFrame[] {
  return nameThem(frames, [somebody]);
}

describe('jitterOf', () => {
  it('is nothing for those who stand still, and for those who move evenly', () => {
    expect(jitterOf(seen(film(20, () => [person(1, 50)])), all)).toEqual({ pixels: 0, ofHeight: 0 });
    expect(jitterOf(seen(film(20, (i) => [person(1, 4 * i)])), all)?.pixels).toBeCloseTo(0, 9);
  });
  it('is four pixels where key points go one to and fro, a twenty-fifth of a height of 100', () => {
    const jitter = jitterOf(seen(film(20, (i) => [person(1, i % 2 === 0 ? 51 : 49)])), all);
    expect(jitter?.pixels).toBeCloseTo(4, 9);
    expect(jitter?.ofHeight).toBeCloseTo(0.04, 9);
  });
  it('leaves out what the network is not sure of, and jumps from one id to another', () => {
    const unsure = film(20, (i) => [person(1, i % 2 === 0 ? 51 : 49, 50, 0.1)]);
    expect(jitterOf(seen(unsure), all)).toBeUndefined();
    const another = film(20, (i) => [i < 10 ? person(1, 50) : person(2, 80)]);
    expect(jitterOf(seen(another), all)?.pixels).toBe(0);
  });
  it('knows of none where nobody stands', () => {
    expect(jitterOf(seen(film(20, () => [person(1, 50)])), [])).toBeUndefined();
  });
});

describe('lagMs', () => {
  const swinging = (delayFrames: number): readonly NamedFrame[] =>
    seen(
      film(100, (i) => [
        person(1, 50 + 30 * Math.sin((i - delayFrames) / 6), 50 + 10 * Math.cos((i - delayFrames) / 4)),
      ]),
    );

  it('is nothing for what is not smoothed', () => {
    expect(lagMs(swinging(0), swinging(0), all)).toBeCloseTo(0, -0.3);
  });
  it.each([1, 2.5, 5])('finds a delay of %f frames', (frames) => {
    expect(lagMs(swinging(0), swinging(frames), all)).toBeCloseTo((1000 * frames) / FPS, -1);
  });
  it('knows of none where nothing moves', () => {
    expect(lagMs(swinging(0), swinging(2), [])).toBeUndefined();
  });
});
