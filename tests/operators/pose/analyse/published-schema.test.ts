import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countOptions } from '../../../../operators/pose/analyse/count-options.js';
import { PeopleCounter } from '../../../../operators/pose/analyse/people-counter.js';
import { metadataLine } from '../../../../streams/metadata/metadata-file.js';
import { rootPath } from '../../../docs/pages.js';
import { poseOf, raising, standing } from './skeleton.js';
import { watch } from './watch.js';

async function problemsOf(frame: object): Promise<unknown> {
  const text = await readFile(rootPath('docs/schemas/metadata-1.json'), 'utf8');
  const schema = z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
  return schema.safeParse(JSON.parse(metadataLine({ frame: 3, ptsUs: 120_000, ...frame }))).error;
}

function countedAt(...places: readonly number[]): object {
  const counter = new PeopleCounter(
    countOptions.parse({ lines: { middle: '0.5,1 0.5,0' }, zones: { door: '0,0 1,0 1,1' } }),
  );
  const counts = places.map((x, i) =>
    counter.update(i, { width: 100, height: 100 }, [poseOf(standing(0), { height: 50, floor: [x, 90] })]),
  );
  return { people: counts.at(-1) };
}

describe('the published schema', () => {
  it('describes counts of people', async () => {
    const counted = countedAt(10, 90);
    expect(counted).toMatchObject({ people: { crossings: [{ line: 'middle', id: 1, direction: 'in' }] } });
    expect(await problemsOf(counted)).toBeUndefined();
  });

  it('describes pose events', async () => {
    const poseEvents = watch(raising(175, 175)).map(({ atS: _, ...event }) => event);
    expect(poseEvents).toHaveLength(2);
    expect(await problemsOf({ poseEvents })).toBeUndefined();
  });

  it.each([
    ['counts that are none', { people: { present: -1, zones: {}, lines: {}, crossings: [] } }],
    ['counts without crossings', { people: { present: 1, zones: {}, lines: {} } }],
    ['events of nobody', { poseEvents: [{ kind: 'fall', state: 'begin', sinceUs: 0, score: 1 }] }],
    ['events that neither begin nor end', { poseEvents: [{ id: 1, kind: 'fall', state: 'on', sinceUs: 0, score: 1 }] }],
  ])('refuses %s', async (_, frame) => {
    expect(await problemsOf(frame)).toBeDefined();
  });
});
