import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { from } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import { frameOf } from '../../../../bench/quality/text/plane-picture.js';
import { drawVerticalSign } from '../../../../bench/quality/text/vertical-signs.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { embeddedFolder } from '../../../../models/model-source.js';
import { quadOverlap } from '../../../../operators/text/quad-math.js';
import { readText } from '../../../../operators/text/read/read-text.js';
import type { SeenText, TextsMeta } from '../../../../operators/text/texts-meta.js';
import { collect, expectBalanced, testPool } from '../../../helpers/frames.js';

const folder = embeddedFolder();
const haveBoth =
  folder !== undefined &&
  ['text-detect-small', 'text-read-latin'].every((id) => existsSync(join(folder, id, 'model.json')));
/** PHARMACY, 34 pixels, which the detector finds in pieces. */
const SIGN = 52;
const FRAMES = 7;

// Needs models/embedded/text-detect-small and text-read-latin.
describe.skipIf(!haveBoth)('readText before letters one below the other', { timeout: 240_000 }, () => {
  const pool = new InferencePool({ workers: 1 });
  afterAll(() => pool.dispose());

  it('reads them as one line that begins at the upper end, and keeps its id', () =>
    expectBalanced(async () => {
      const { picture, quad, text } = await drawVerticalSign(SIGN, 'stacked', []);
      const frames = testPool(FRAMES);
      const film = from(Array.from({ length: FRAMES }, (_, i) => ({ frame: frameOf(picture, frames, i), meta: {} })));
      const texts: (readonly SeenText[])[] = [];
      const { error } = await collect(film.pipe(readText({ pool, every: 3 })), ({ meta }) =>
        texts.push((meta as TextsMeta).texts),
      );
      expect(error).toBeUndefined();
      expect(texts.map((seen) => seen.map(({ id, text }) => `${id} ${text}`))).toEqual(
        Array(FRAMES).fill([`1 ${text}`]),
      );
      const place = texts[0]?.[0]?.quad ?? quad;
      expect(quadOverlap(place, quad)).toBeGreaterThan(0.6);
      expect(place[1][1]).toBeGreaterThan(place[0][1]);
    }));
});
