import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../../config/load-graph.js';
import { indexFilm } from '../../../jobs/text-search/index-film.js';
import { TextIndex } from '../../../jobs/text-search/text-index.js';
import { embeddedFolder } from '../../../models/model-source.js';
import { textLikeness } from '../../../operators/text/read/text-likeness.js';
import type { Graph } from '../../../pipeline/graph/graph.js';
import {
  BrightDetector,
  burnedTitles,
  FILM_FPS,
  KnowingReader,
  readingWith,
  titledFilm,
} from '../../helpers/burned-titles.js';
import { expectBalanced } from '../../helpers/frames.js';
import { processFilm } from '../../helpers/jobs.js';
import { workspace } from '../../helpers/workspace.js';

const FRAME_S = 1 / FILM_FPS;
const networks = ['text-detect-small', 'text-read-latin'];
const haveNetworks = networks.every((name) => existsSync(join(embeddedFolder() ?? '', name, 'model.json')));

interface Cue {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** Cues of a SubRip file, times in seconds. */
function cuesOf(srt: string): readonly Cue[] {
  return srt
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const [, times = '', ...lines] = block.split('\n');
      const [from = Number.NaN, to = Number.NaN] = times.split(' --> ').map((time) => {
        const [hours = 0, minutes = 0, seconds = 0] = time.replace(',', '.').split(':').map(Number);
        return 3600 * hours + 60 * minutes + seconds;
      });
      return { from, to, lines };
    });
}

const standIns = (): Promise<Graph> =>
  loadGraph('read-text', {
    operators: readingWith({ textDetector: new BrightDetector(), lineReader: new KnowingReader() }),
  });

describe('titles that are burned into a film', { timeout: 240_000 }, () => {
  const path = workspace();

  it('are exported as subtitles with their words and their times', () =>
    expectBalanced(async () => {
      const input = await titledFilm(path('film.mp4'));
      const graph = await standIns();
      await processFilm({ input, graph, records: { exports: [{ format: 'srt', path: path('film.srt') }] } });
      const cues = cuesOf(await readFile(path('film.srt'), 'utf8'));
      expect(cues.map(({ lines }) => lines)).toEqual(burnedTitles.map(({ lines }) => lines));
      for (const [i, { from, to }] of cues.entries()) {
        expect(from).toBeCloseTo((burnedTitles[i]?.from ?? 0) * FRAME_S, 3);
        expect(to).toBeCloseTo((burnedTitles[i]?.to ?? 0) * FRAME_S, 3);
      }
    }));

  it('are found by a word at the second at which they come', () =>
    expectBalanced(async () => {
      const input = await titledFilm(path('film.mp4'));
      const indexPath = path('index.sqlite');
      using index = TextIndex.open(indexPath, { create: true });
      expect(await indexFilm(index, { input, indexPath, graph: await standIns() })).toMatchObject({ state: 'indexed' });
      const [moment, ...others] = index.search('gare');
      expect(others).toEqual([]);
      expect(moment).toMatchObject({ text: 'où est la gare.', fromUs: 36 * 40_000 });
      // While it fades out it is still there.
      expect(moment?.toUs).toBeGreaterThanOrEqual(62 * 40_000);
      expect(moment?.toUs).toBeLessThanOrEqual(66 * 40_000);
      expect([...(moment?.thumbnail ?? [])].slice(0, 2)).toEqual([0xff, 0xd8]);
      expect(index.search('merci').map(({ fromUs }) => fromUs)).toEqual([68 * 40_000]);
    }));

  const needs = haveNetworks ? '' : ` (needs ${networks.join(' and ')})`;
  it.skipIf(!haveNetworks)(`are exported by the networks of the package${needs}`, () =>
    expectBalanced(async () => {
      const input = await titledFilm(path('film.mp4'));
      const exports = [{ format: 'srt', path: path('film.srt') }] as const;
      await processFilm({ input, graph: 'read-text', records: { exports } });
      const cues = cuesOf(await readFile(path('film.srt'), 'utf8'));
      expect(cues).toHaveLength(burnedTitles.length);
      for (const [i, { from, to, lines }] of cues.entries()) {
        const title = burnedTitles[i] as (typeof burnedTitles)[number];
        expect(textLikeness(lines.join(' '), title.lines.join(' '))).toBeGreaterThan(0.85);
        expect(Math.abs(from - title.from * FRAME_S)).toBeLessThan(0.09);
        expect(Math.abs(to - title.to * FRAME_S)).toBeLessThan(0.09);
      }
    }),
  );
});
