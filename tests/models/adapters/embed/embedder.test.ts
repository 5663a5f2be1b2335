import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cosine, openEmbedder } from '../../../../models/adapters/embed/open-embedder.js';
import type { Box } from '../../../../models/adapters/picture/crop-stage.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { catalogModel, firstFrame, missing, type PictureName, pictures, weights } from '../public-models.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const OSNET = 'detect/osnet_x0_25_msmt17.onnx';
const expected = JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')) as {
  people: Record<string, { picture: PictureName; box: Box; start: number[] }>;
  cosines: Record<string, number[]>;
};

let pool: InferencePool;
beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});
afterAll(() => pool.dispose());

const why = missing(OSNET);
describe.skipIf(why !== undefined)(
  `a published embedder of people, 16 a run${why === undefined ? '' : ` (${why})`}`,
  () => {
    it('gives the vectors that the referee gives', async () => {
      const embedder = await openEmbedder(catalogModel('osnet-x0.25-msmt17', weights(OSNET)), pool);
      const vectors: Float32Array[] = [];
      for (const { picture, box } of Object.values(expected.people)) {
        const frame = await firstFrame(pictures[picture]);
        vectors.push(...(await embedder.embed(frame, [box])));
        frame.close();
      }
      for (const [n, { start }] of Object.entries(expected.people)) {
        const vector = vectors[Number(n)] as Float32Array;
        expect(cosine(vector, vector)).toBeCloseTo(1, 5);
        start.forEach((value, i) => {
          expect(Math.abs((vector[i] ?? 0) - value)).toBeLessThan(0.01);
        });
        vectors.forEach((other, m) => {
          expect(Math.abs(cosine(vector, other) - (expected.cosines[n]?.[m] ?? 0))).toBeLessThan(0.01);
        });
      }
      await embedder[Symbol.asyncDispose]();
    });

    it('takes more boxes than a run holds, and none', async () => {
      const embedder = await openEmbedder(catalogModel('osnet-x0.25-msmt17', weights(OSNET)), pool);
      const frame = await firstFrame(pictures.crossing);
      const boxes = Array.from({ length: 18 }, (_, i): Box => [10 * i, 20, 10 * i + 100, 220]);
      const together = await embedder.embed(frame, boxes);
      const [last] = await embedder.embed(frame, boxes.slice(17));
      expect(together).toHaveLength(18);
      expect(cosine(together[17] as Float32Array, last as Float32Array)).toBeCloseTo(1, 4);
      expect(await embedder.embed(frame, [])).toEqual([]);
      frame.close();
      await embedder[Symbol.asyncDispose]();
    });
  },
);
