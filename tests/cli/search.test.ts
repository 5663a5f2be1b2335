import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TextIndex } from '../../jobs/text-search/text-index.js';
import { h264Clip } from '../fixtures/media.js';
import { startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const path = workspace();

const quad = [
  [10, 10],
  [90, 10],
  [90, 30],
  [10, 30],
];

/** The metadata of a film of two seconds with a sign from 0.4 s to 1.2 s. */
function metadata(): string {
  const frames = Array.from({ length: 50 }, (_, frame) => {
    const isThere = frame >= 10 && frame < 30;
    const sign = { id: 1, quad, text: 'Sortie de secours', language: 'fr', translation: 'Emergency exit', score: 0.93 };
    return { frame, ptsUs: frame * 40_000, texts: isThere ? [sign] : [] };
  });
  const header = { schema: 'vitascope-metadata-1', width: 320, height: 240, timeBase: 'us' };
  return `${[header, ...frames].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

describe('vitascope index and search', () => {
  it('find the moment at which a word is on screen, with its picture', async () => {
    const film = await h264Clip();
    await writeFile(path('texts.ndjson'), metadata());
    const args = ['index', film, '--db', path('index.sqlite'), '--metadata', path('texts.ndjson'), '--graph', 'copy'];
    const indexed = await startCli(args);
    expect(indexed).toMatchObject({ code: 0, stderr: expect.stringContaining('1 text') });
    expect(await startCli(args)).toMatchObject({ code: 0, stderr: expect.stringContaining('has not changed') });

    const found = await startCli(['search', path('index.sqlite'), 'exit', '--thumbnails', path('found'), '--json']);
    expect(found).toMatchObject({ code: 0, stderr: '' });
    const [moment, ...others] = JSON.parse(found.stdout) as Record<string, unknown>[];
    expect(others).toEqual([]);
    expect(moment).toMatchObject({ film: resolve(film), fromUs: 400_000, toUs: 1_200_000, text: 'Sortie de secours' });
    const jpeg = await readFile(String(moment?.thumbnail));
    expect([jpeg[0], jpeg[1]]).toEqual([0xff, 0xd8]);

    const plain = await startCli(['search', path('index.sqlite'), 'sortie']);
    expect(plain.stdout).toContain('0:00.4–0:01.2  "Sortie de secours" → "Emergency exit"  (fr)');
    const nothing = await startCli(['search', path('index.sqlite'), 'toilettes']);
    expect(nothing).toMatchObject({ code: 0, stdout: '', stderr: 'nothing found\n' });
  });

  it('refuse graphs that read nothing, metadata that is none, and indexes that are none', async () => {
    const film = await h264Clip();
    const index = (...args: string[]) => startCli(['index', film, '--db', path('index.sqlite'), ...args]);
    expect((await index('--graph', 'copy')).stderr).toContain('reads no texts');
    await writeFile(path('bad.ndjson'), '{"schema":"other"}\n');
    expect((await index('--graph', 'copy', '--metadata', path('bad.ndjson'))).stderr).toContain('line 1: the header');
    await writeFile(path('film.sqlite'), 'no database '.repeat(100));
    const search = await startCli(['search', path('film.sqlite'), 'exit']);
    expect(search.code).not.toBe(0);
    expect(search.stderr).toContain('cannot be read as an index');
    using left = TextIndex.open(path('index.sqlite'));
    expect(left.films()).toEqual([]);
    expect((await readdir(path('.'))).sort()).toEqual(['bad.ndjson', 'film.sqlite', 'index.sqlite']);
  });
});
