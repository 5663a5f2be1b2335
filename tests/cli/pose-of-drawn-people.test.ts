import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { startCli } from '../helpers/cli.js';
import { drawnPhoto, group, noNetwork, posesOf, sightOf } from '../helpers/drawn-people.js';
import { workspace } from '../helpers/workspace.js';

vi.setConfig({ testTimeout: 240_000 });

const suite = `vitascope process --graph pose${noNetwork === undefined ? '' : ` (${noNetwork})`}`;
describe.skipIf(noNetwork !== undefined)(suite, () => {
  const path = workspace();

  it('finds three people in a photo, and writes where their joints are', async () => {
    const people = await drawnPhoto(path('photo.png'), group);
    const files = ['-o', path('out.png'), '--metadata', path('out.ndjson')];
    const { code, stderr } = await startCli(['process', path('photo.png'), ...files, '--graph', 'pose']);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const [found = []] = posesOf(await readFile(path('out.ndjson'), 'utf8'));
    expect(found).toHaveLength(3);
    const sights = people.map((person) => sightOf(person, found));
    for (const sight of sights) expect(sight?.error).toBeLessThan(0.08);
    expect(new Set(sights.map((sight) => sight?.id)).size).toBe(3);
    expect((await readFile(path('out.png'))).equals(await readFile(path('photo.png')))).toBe(false);
  });
});
