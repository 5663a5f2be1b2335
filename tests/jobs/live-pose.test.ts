import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../config/load-graph.js';
import { liveCadence } from '../../jobs/live-cadence.js';
import { LiveStream } from '../../jobs/live-stream.js';
import { h264Clip } from '../fixtures/media.js';
import { expectBalanced } from '../helpers/frames.js';
import { liveServer, whole } from '../helpers/live-server.js';
import { FakeEstimator, operatorsWith, seen } from '../operators/pose/estimate/fake-estimator.js';
import { Recorder } from './recorder.js';

describe('the preset `pose` live', () => {
  it('publishes people with every picture, as plain JSON, and draws them', () =>
    expectBalanced(async () => {
      const estimator = new FakeEstimator(() => [seen([40, 20, 80])]);
      const server = await liveServer(whole(await h264Clip({ container: 'ts' })));
      const output = new Recorder();
      const found: { ptsUs: number; meta: Readonly<Record<string, unknown>> }[] = [];
      const stream = await LiveStream.open({
        input: server.url,
        inputOptions: { reconnect: false, catchUpMs: 60_000 },
        graph: await loadGraph('pose', { operators: operatorsWith(estimator) }),
        outputs: [output],
        onMetadata: (ptsUs, meta) => found.push({ ptsUs, meta }),
      });
      await stream.run();
      await server.close();
      expect(found.map(({ ptsUs }) => ptsUs)).toEqual(output.of('video').map(({ ptsUs }) => ptsUs));
      expect(found).toHaveLength(48);
      for (const { meta } of found) {
        expect(JSON.parse(JSON.stringify(meta))).toEqual(meta);
        expect(meta).toMatchObject({ poses: [{ id: expect.any(Number), score: expect.any(Number) }] });
        const [{ box, keypoints }] = meta.poses as [{ box: unknown[]; keypoints: unknown[][] }];
        expect(box).toHaveLength(4);
        expect(keypoints).toHaveLength(17);
        for (const keypoint of keypoints) expect(keypoint).toHaveLength(3);
      }
      const nodes = stream.metrics().runner?.nodes;
      expect(nodes?.map(({ node, framesOut }) => [node, framesOut])).toEqual([
        ['pose', 48],
        ['draw', 48],
      ]);
    }));

  it('looks as often as the machine can', async () => {
    const graph = liveCadence(await loadGraph('pose'));
    expect(graph.nodes.find(({ name }) => name === 'pose')?.options).toMatchObject({ every: 'auto' });
  });
});
