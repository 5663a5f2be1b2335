import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import { probe } from '../../streams/libav/probe.js';
import { look } from '../fixtures/look.js';
import { monochromeFilm, phoneClip, phoneTimesUs, stillJpeg, stillPng, tenBitClip } from '../fixtures/media.js';
import { expectBalanced } from '../helpers/frames.js';
import { processFilm } from '../helpers/jobs.js';
import { workspace } from '../helpers/workspace.js';
import { FakeEstimator, operatorsWith, seen } from '../operators/pose/estimate/fake-estimator.js';

const pose = (estimator: FakeEstimator): Promise<Graph> => loadGraph('pose', { operators: operatorsWith(estimator) });
const frames = (path: string) => look(path).streams.find(({ kind }) => kind === 'video')?.frames ?? [];

describe('the preset `pose` on films and photographs', () => {
  const path = workspace();

  it.each([
    ['PNG', stillPng],
    ['JPEG', stillJpeg],
  ] as const)('draws people into a photograph: %s', (_, still) =>
    expectBalanced(async () => {
      const output = path('photo.pose.png');
      const input = await still();
      const [graph, nobody] = [
        await pose(new FakeEstimator(() => [seen([30, 20, 80])])),
        await pose(new FakeEstimator(() => [])),
      ];
      await processFilm({ input, output, graph });
      await processFilm({ input, output: path('nobody.png'), graph: nobody });
      expect(frames(output)).toMatchObject([{ width: 160, height: 120 }]);
      expect(frames(output)[0]?.planeMeans).not.toEqual(frames(path('nobody.png'))[0]?.planeMeans);
    }),
  );

  it('looks at the pictures of a telephone upright, and leaves the film turned as it is', () =>
    expectBalanced(async () => {
      const sizes = new Set<string>();
      const estimator = new FakeEstimator(({ width, height }) => {
        sizes.add(`${width}×${height}`);
        return [seen([20, 40, 120])];
      });
      await processFilm({ input: await phoneClip(), output: path('out.mp4'), graph: await pose(estimator) });
      expect([...sizes]).toEqual(['180×320']);
      expect((await probe(path('out.mp4'))).video).toMatchObject({ width: 320, height: 180, rotation: 90 });
      expect(frames(path('out.mp4'))).toHaveLength(phoneTimesUs.length);
    }));

  it.each([
    ['grey film', () => monochromeFilm({ frames: 12 }), 12],
    ['ten bits', () => tenBitClip(), undefined],
  ] as const)('goes through %s', (_, make, count) =>
    expectBalanced(async () => {
      const input = await make();
      const estimator = new FakeEstimator(() => [seen([20, 20, 60])]);
      await processFilm({ input, output: path('out.mkv'), graph: await pose(estimator) });
      expect(frames(path('out.mkv'))).toHaveLength(count ?? frames(input).length);
      expect(estimator.asked).toHaveLength(count ?? frames(input).length);
    }),
  );
});
