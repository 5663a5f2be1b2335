import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { impactTimes, steadyShutter, writeImpactFilm } from '../../../../bench/quality/foley/impact-film.js';
import { workspace } from '../../../helpers/workspace.js';

const inFolder = workspace();

describe('the drawn hammer', () => {
  it('is the same film every time', async () => {
    const films = await Promise.all(
      ['one.mp4', 'two.mp4'].map(async (name) => {
        await writeImpactFilm(inFolder(name), 1.5, steadyShutter('25', 25));
        return readFile(inFolder(name));
      }),
    );
    expect(films[0]?.equals(films[1] as Buffer)).toBe(true);
  });

  it('strikes unevenly, and not at the end', () => {
    const times = impactTimes(20);
    const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0.8);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1.3);
    expect(times.at(-1)).toBeLessThan(19.4);
  });
});
