import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { LiveMetadataFile } from '../../jobs/live-metadata-file.js';
import { createGraph } from '../../pipeline/index.js';
import { jsonLines } from '../helpers/cli.js';
import { filterGraph } from '../helpers/jobs.js';
import { oneWalker, walkersDefinition } from '../helpers/moving-people.js';
import { workspace } from '../helpers/workspace.js';

describe('LiveMetadataFile', () => {
  const path = workspace();
  const graph = createGraph({ nodes: { pose: { use: walkersDefinition(oneWalker) } } });
  const source = { width: 640, height: 360 };

  it('has a header and a line for each picture, and its name at the end', async () => {
    const file = await LiveMetadataFile.open(path('cam.ndjson'), { graph });
    file.add(1000, { poses: [] }, source);
    file.add(41_000, { poses: [], poseEvents: [] }, source);
    expect(await readdir(path('.'))).toEqual(['cam.partial.ndjson']);
    expect(await file.finish()).toBe(path('cam.ndjson'));
    expect(jsonLines(await readFile(path('cam.ndjson'), 'utf8'))).toEqual([
      expect.objectContaining({ ...source, keypoints: expect.any(Array) }),
      { frame: 0, ptsUs: 1000, poses: [] },
      { frame: 1, ptsUs: 41_000, poses: [], poseEvents: [] },
    ]);
  });

  it('can be followed while it grows', async () => {
    const file = await LiveMetadataFile.open(path('cam.ndjson'), { graph });
    file.add(0, { poses: [] }, source);
    const whole = async () => (await readFile(path('cam.partial.ndjson'), 'utf8')).endsWith('"poses":[]}\n');
    await expect.poll(whole).toBe(true);
    await file.finish();
  });

  it('leaves lines out rather than keep them all while the disk is busy', async () => {
    const file = await LiveMetadataFile.open(path('cam.ndjson'), { graph });
    // None of them waits, so that nothing can be written in between.
    for (let i = 0; i < 2000; i++) file.add(i, { poses: [] }, source);
    expect(file.leftOut).toBeGreaterThan(1000);
    await file.finish();
    const lines = jsonLines(await readFile(path('cam.ndjson'), 'utf8'));
    expect(lines).toHaveLength(1 + 2000 - file.leftOut);
  });

  it('is not there when nothing came', async () => {
    const file = await LiveMetadataFile.open(path('cam.ndjson'), { graph });
    expect(await file.finish()).toBeUndefined();
    expect(await readdir(path('.'))).toEqual([]);
  });

  it('replaces no file, and is refused for a graph that finds nothing', async () => {
    await writeFile(path('cam.ndjson'), 'old');
    await expect(LiveMetadataFile.open(path('cam.ndjson'), { graph })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await expect(LiveMetadataFile.open(path('b.ndjson'), { graph: filterGraph('null') })).rejects.toMatchObject({
      code: 'GRAPH_TYPE',
    });
  });
});
