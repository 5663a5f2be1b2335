import { describe, expect, it } from 'vitest';
import { BarTracker } from '../../../operators/colorize/bar-tracker.js';
import { colorCoding } from '../../../operators/colorize/color-coding.js';
import type { PictureBox } from '../../../operators/colorize/picture-box.js';
import { HEIGHT, type Luma, landscape, noise, type PictureOptions, picture, stage, WIDTH } from './pictures.js';

const whole: PictureBox = { top: 0, left: 0, bottom: HEIGHT, right: WIDTH };
/** 12 of 96 rows above and below. */
const letterBoxed =
  (luma: Luma): Luma =>
  (x, y) =>
    y < 0.125 || y > 0.875 ? 0 : luma(x, (y - 0.125) / 0.75);
const pillarBoxed =
  (luma: Luma): Luma =>
  (x, y) =>
    x < 0.125 || x > 0.875 ? 0 : luma((x - 0.125) / 0.75, y);
const letterBox: PictureBox = { ...whole, top: 12, bottom: HEIGHT - 12 };
const pillarBox: PictureBox = { ...whole, left: 16, right: WIDTH - 16 };

/** Follows pictures one after another; the first of a shot is marked. */
class Follower {
  readonly #tracker = new BarTracker({ width: WIDTH, height: HEIGHT });

  see(luma: Luma, newShot = false, options: PictureOptions = {}): PictureBox {
    const frame = picture(0, { ...options, luma });
    const box = this.#tracker.boxFor(frame, colorCoding(frame), newShot);
    frame.close();
    return box;
  }
  seeMany(count: number, luma: Luma): PictureBox {
    let box = whole;
    for (let i = 0; i < count; i++) box = this.see(luma);
    return box;
  }
}

function expectNear(box: PictureBox, expected: PictureBox): void {
  for (const side of ['top', 'left', 'bottom', 'right'] as const) {
    expect(Math.abs(box[side] - expected[side]), `${side} of ${JSON.stringify(box)}`).toBeLessThanOrEqual(1);
  }
}

describe('BarTracker', () => {
  it('finds no bars where there are none', () => {
    expect(new Follower().see(landscape, true)).toEqual(whole);
  });

  it('finds letter-box and pillar-box bars in the first frame, and both at once', () => {
    expectNear(new Follower().see(letterBoxed(landscape), true), letterBox);
    expectNear(new Follower().see(pillarBoxed(landscape), true), pillarBox);
    expectNear(new Follower().see(pillarBoxed(letterBoxed(landscape)), true), {
      ...pillarBox,
      top: letterBox.top,
      bottom: letterBox.bottom,
    });
  });

  it.each(['yuv420p10', 'yuv444p'] as const)('finds them in %s', (pixelFormat) => {
    expectNear(new Follower().see(letterBoxed(landscape), true, { pixelFormat }), letterBox);
  });

  it('finds bars of dark grey with noise in them', () => {
    const next = noise(1);
    const scanned: Luma = (x, y) => Math.max(letterBoxed(landscape)(x, y), 0.02 + 0.015 * next());
    expectNear(new Follower().see(scanned, true), letterBox);
  });

  it('does not take a dark picture for bars', () => {
    const lamp: Luma = (x, y) => ((x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.01 ? 0.8 : 0.01);
    const night: Luma = (x, y) => (y > 0.6 ? 0.3 : 0.02) * (1 + 0.1 * x);
    expect(new Follower().see(() => 0.01, true)).toEqual(whole);
    expect(new Follower().see(lamp, true)).toEqual(whole);
    expect(new Follower().see(night, true)).toEqual(whole);
  });

  it('keeps known bars through dark scenes', () => {
    const follower = new Follower();
    follower.see(letterBoxed(landscape), true);
    expectNear(
      follower.see(() => 0.01, true),
      letterBox,
    );
    expectNear(
      follower.seeMany(60, () => 0.01),
      letterBox,
    );
  });

  it('keeps known bars when a subtitle appears in one', () => {
    const follower = new Follower();
    follower.see(letterBoxed(landscape), true);
    const subtitled: Luma = (x, y) =>
      y > 0.9 && y < 0.97 && x > 0.3 && x < 0.7 && Math.sin(x * 300) > 0 ? 1 : letterBoxed(landscape)(x, y);
    expectNear(follower.seeMany(60, subtitled), letterBox);
  });

  it('gives bars up at once when the picture fills them', () => {
    const follower = new Follower();
    follower.see(letterBoxed(landscape), true);
    expect(follower.see(landscape, true)).toEqual(whole);
  });

  it('believes new bars only when it has found them twice', () => {
    const follower = new Follower();
    follower.see(landscape, true);
    expect(follower.see(letterBoxed(stage), true)).toEqual(whole);
    expectNear(follower.seeMany(8, letterBoxed(stage)), letterBox);
  });
});
