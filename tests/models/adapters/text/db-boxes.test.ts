import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DbBox, type DbMap, dbBoxes } from '../../../../models/adapters/text/db-boxes.js';
import { dbStage } from '../../../../models/adapters/text/db-stage.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { inlineTensor } from '../../../../models/tensor.js';
import { workspace } from '../../../helpers/workspace.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(() => pool.dispose());

const [WIDTH, HEIGHT] = [40, 24];

interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly probability: number;
}

describe('dbBoxes', () => {
  const path = workspace();

  async function boxesOf(blocks: readonly Block[], logits = false): Promise<readonly DbBox[]> {
    const map = new Float32Array(WIDTH * HEIGHT).fill(logits ? -9 : 0);
    for (const { x, y, width, height, probability } of blocks) {
      const value = logits ? Math.log(probability / (1 - probability)) : probability;
      for (let row = y; row < y + height; row++) map.fill(value, row * WIDTH + x, row * WIDTH + x + width);
    }
    const file = path('db.onnx');
    await writeFile(file, dbStage('map', { threshold: 0.3, logits }).model);
    await using model = await pool.load({ id: 'db', path: file });
    const { outputs } = await model.run({ map: inlineTensor('float32', [1, 1, HEIGHT, WIDTH], map) });
    return dbBoxes(outputs as DbMap, { boxScore: 0.5, unclip: 1.6, minSide: 2 });
  }

  const block: Block = { x: 6, y: 7, width: 10, height: 4, probability: 0.9 };

  it.each([false, true])('grows the rectangle around the centres of a piece (logits: %s)', async (logits) => {
    const [found, ...others] = await boxesOf([block], logits);
    expect(others).toEqual([]);
    expect(found?.score).toBeCloseTo(0.9, 4);
    // 9 × 3 between centres; 27 × 1.6 / 24 = 1.8 on all sides.
    const corners = [4.7, 5.7, 17.3, 5.7, 17.3, 12.3, 4.7, 12.3];
    expect(found?.quad.flat()).toEqual(corners.map((value) => expect.closeTo(value, 4)));
  });

  it('finds pieces at all borders', async () => {
    const corner = { width: 6, height: 5, probability: 0.8 };
    const found = await boxesOf([
      { x: 0, y: 0, ...corner },
      { x: WIDTH - 6, y: 0, ...corner },
      { x: 0, y: HEIGHT - 5, ...corner },
      { x: WIDTH - 6, y: HEIGHT - 5, ...corner },
    ]);
    expect(found.map(({ score }) => score)).toEqual([0.8, 0.8, 0.8, 0.8].map((score) => expect.closeTo(score, 4)));
  });

  it('drops what is thin, faint, or below the threshold', async () => {
    expect(await boxesOf([{ ...block, height: 2 }])).toEqual([]);
    expect(await boxesOf([{ ...block, probability: 0.4 }])).toEqual([]);
    expect(await boxesOf([{ ...block, probability: 0.29 }])).toEqual([]);
    expect(await boxesOf([])).toEqual([]);
  });
});
