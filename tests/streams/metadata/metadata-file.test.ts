import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { coco17 } from '../../../models/adapters/pose/coco-17.js';
import { poseMetadata } from '../../../operators/pose/export/pose-frame.js';
import { METADATA_SCHEMA, MetadataFile } from '../../../streams/metadata/metadata-file.js';
import { rootPath } from '../../docs/pages.js';
import { workspace } from '../../helpers/workspace.js';
import { personIn } from '../../operators/pose/draw/people.js';

async function publishedSchema(): Promise<z.ZodType> {
  const text = await readFile(rootPath('docs/schemas/metadata-1.json'), 'utf8');
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

describe('MetadataFile', () => {
  const file = workspace();

  async function written(): Promise<unknown[]> {
    const metadata = await MetadataFile.open(file('dance.ndjson'), { width: 640, height: 360, keypoints: coco17 });
    const lost = personIn([0, 0, 50], { id: 7, ageMs: 40 });
    const broken = { ...lost, keypoints: [[Number.NaN, 3, 0.5] as const, ...lost.keypoints.slice(1)] };
    await metadata.write(poseMetadata({ frame: 0, ptsUs: 0, poses: [] }));
    await metadata.write(poseMetadata({ frame: 12, ptsUs: 480_000, poses: [personIn([1 / 3, 10, 90]), broken] }));
    const exit = {
      id: 1,
      quad: [
        [10, 20],
        [90, 20],
        [90, 40],
        [10, 40],
      ],
      text: 'EXIT',
      score: 0.93,
    };
    await metadata.write({ frame: 13, ptsUs: 520_000, texts: [exit] });
    const lines = (await readFile(await metadata.finish(), 'utf8')).trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  it('begins with a header that says what the numbers mean', async () => {
    const [header] = await written();
    expect(header).toEqual({
      schema: METADATA_SCHEMA,
      width: 640,
      height: 360,
      timeBase: 'us',
      keypoints: [...coco17],
    });
  });

  it('has an object for each frame, numbers to three decimals, and zeros for places that are no numbers', async () => {
    const [, empty, people] = await written();
    expect(empty).toEqual({ frame: 0, ptsUs: 0, poses: [] });
    const { poses } = people as { poses: { id: number; box: number[]; keypoints: number[][] }[] };
    expect(poses.map(({ id }) => id)).toEqual([1, 7]);
    expect(poses[0]?.box).toEqual([0.333, 10, 90.333, 100]);
    expect(poses[0]?.keypoints[0]).toEqual([45.333, 19, 0.9]);
    expect(poses[1]?.keypoints[0]).toEqual([0, 0, 0]);
  });

  it('follows the published schema in every line', async () => {
    const schema = await publishedSchema();
    for (const line of await written()) expect(schema.safeParse(line).error).toBeUndefined();
  });

  it.each([
    ['another version', { schema: 'vitascope-metadata-2', width: 1, height: 1, timeBase: 'us' }],
    ['a header without a size', { schema: METADATA_SCHEMA, timeBase: 'us' }],
    ['a frame without a time', { frame: 1, poses: [] }],
    [
      'sixteen key points',
      { frame: 1, ptsUs: 0, poses: [{ ...personIn([0, 0, 9]), keypoints: Array(16).fill([0, 0, 0]) }] },
    ],
    ['a score above 1', { frame: 1, ptsUs: 0, poses: [personIn([0, 0, 9], { score: 1.5 })] }],
    ['a person without an id', { frame: 1, ptsUs: 0, poses: [{ ...personIn([0, 0, 9]), id: undefined }] }],
  ])('has a schema that refuses %s', async (_name, line) => {
    const schema = await publishedSchema();
    expect(schema.safeParse(JSON.parse(JSON.stringify(line))).success).toBe(false);
  });
});
