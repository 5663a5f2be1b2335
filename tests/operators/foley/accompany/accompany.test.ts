import { from, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { builtinOperators } from '../../../../config/registry.js';
import {
  type AccompanyOperatorOptions,
  accompany,
  accompanyDefinition,
} from '../../../../operators/foley/accompany/accompany.js';
import { WATCHER_MEMORY } from '../../../../operators/foley/accompany/picture-watcher.js';
import type { MusicMeta } from '../../../../operators/foley/cues.js';
import { isSoundOperator } from '../../../../operators/foley/track/sound-operator.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, testFrame, testPool } from '../../../helpers/frames.js';

const SIZE = { width: 64, height: 36 };

/** A picture of large patches that chance gives a shade, shifted to the right by some pixels, `fps` a second. */
function picture(index: number, shot: number, shift = 0, fps = 25, light = 1): VideoSample {
  const frame = testFrame(index, { ...SIZE, ptsUs: Math.round((index * 1e6) / fps) }, testPool(1));
  const random = mulberry32(shot);
  const shades = Array.from({ length: 200 }, () => 30 + 200 * random());
  const luma = frame.plane(0);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      const patch = Math.floor(y / 9) * 40 + (Math.floor((x + 640 - shift) / 8) % 40);
      luma[y * SIZE.width + x] = Math.round(light * (shades[patch] as number));
    }
  }
  return { frame, meta: {} };
}

async function musicOf(samples: readonly VideoSample[], options: AccompanyOperatorOptions = {}) {
  const music: (MusicMeta['music'] | undefined)[] = [];
  const note = (sample: VideoSample): void => void music.push((sample.meta as Partial<MusicMeta>).music);
  await collect(accompany(options)(from(samples)) as Observable<VideoSample>, note);
  return music as readonly MusicMeta['music'][];
}

const pictures = (count: number, make: (i: number) => VideoSample) => Array.from({ length: count }, (_, i) => make(i));

describe('accompany', () => {
  itKeepsTheFrameOperatorLaws({ apply: (source) => accompany()(source) });
  describe('with when: never', () =>
    itKeepsTheFrameOperatorLaws({ apply: (source) => accompany({ when: 'never' })(source) }));

  it('tells where shots begin', () =>
    expectBalanced(async () => {
      const music = await musicOf(pictures(9, (i) => picture(i, Math.floor(i / 3))));
      expect(music.map(({ cut }) => cut)).toEqual([true, false, false, true, false, false, true, false, false]);
      expect(music.every(({ motion }) => motion === 0)).toBe(true);
    }));

  it('tells how much moves', async () => {
    const motion = async (speed: number): Promise<number> =>
      (await musicOf(pictures(5, (i) => picture(i, 1, speed * i)))).at(-1)?.motion ?? -1;
    const [still, slow, fast] = [await motion(0), await motion(1), await motion(3)];
    expect(still).toBe(0);
    expect(slow).toBeGreaterThan(0.2);
    expect(fast).toBeGreaterThan(slow);
    expect(fast).toBeLessThanOrEqual(1);
  });

  it('sees as much motion in 50 pictures a second as in 25', async () => {
    const film = (count: number, fps: number): Promise<readonly MusicMeta['music'][]> =>
      musicOf(pictures(count, (i) => picture(i, 1, Math.floor((25 * i) / fps), fps)));
    const [usual, fast] = [await film(12, 25), await film(23, 50)];
    expect(fast.at(-1)?.motion).toBeGreaterThan(0.2);
    expect(fast.at(-1)).toEqual(usual.at(-1));
  });

  it('tells how bright it is', async () => {
    const [dark, bright] = await Promise.all([0.2, 1].map((light) => musicOf([picture(0, 1, 0, 25, light)])));
    expect(bright?.[0]?.brightness).toBeCloseTo(0.5, 0.2);
    expect(dark?.[0]?.brightness).toBeCloseTo(0.2 * (bright?.[0]?.brightness ?? 0), 1);
  });

  it('tells the same when it is resumed after as many pictures as it asks for', async () => {
    const film = (i: number): VideoSample => picture(i, 1 + Math.floor(i / 19), i, 120);
    const whole = await musicOf(pictures(40, film));
    expect(accompanyDefinition.warmupFrames(accompanyDefinition.options as never)).toBe(WATCHER_MEMORY);
    for (const start of [12, 19, 25]) {
      const resumed = await musicOf(pictures(40 - start, (i) => film(start + i)));
      expect(resumed.slice(WATCHER_MEMORY)).toEqual(whole.slice(start + WATCHER_MEMORY));
    }
  });

  it('attaches nothing with when: never', async () => {
    expect(await musicOf([picture(0, 1)], { when: 'never' })).toEqual([undefined]);
  });

  it('refuses options that are none', () => {
    expect(() => accompany({ level: 99 })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(() => accompany({ mood: 'furious' as never })).toThrow(/accompany: mood/);
  });

  it('is an operator that graphs may name, and of which sound can be made', () => {
    expect(builtinOperators).toContain(accompanyDefinition);
    expect(isSoundOperator(accompanyDefinition)).toBe(true);
  });
});
