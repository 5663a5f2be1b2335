import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pictureFeeds } from '../../../../models/adapters/picture/picture-input.js';
import { lineFeeds, lineStage, type PlacedLine } from '../../../../models/adapters/text/line-stage.js';
import type { Quad } from '../../../../models/adapters/text/quad.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import type { InlineTensor } from '../../../../models/tensor.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 1 });
});

afterAll(() => pool.dispose());

const HEIGHT = 8;
const PAD = 200;

/** A gray picture, 24×32, whose value is 4 x + y. */
function gradient(): VideoFrame {
  const color = { ...testFrame().color, range: 'pc' as const };
  const frame = testFrame(0, { width: 24, height: 32, pixelFormat: 'yuv444p', color });
  const luma = frame.plane(0);
  for (let i = 0; i < luma.length; i++) luma[i] = 4 * (i % 24) + Math.floor(i / 24);
  for (const chroma of [1, 2] as const) frame.plane(chroma).fill(128);
  return frame;
}

function box(x1: number, y1: number, x2: number, y2: number): Quad {
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

describe('lineStage', () => {
  const path = workspace();

  /** The gray lines, row by row. */
  async function cut(lines: readonly PlacedLine[], width: number): Promise<number[][][]> {
    const file = path('lines.onnx');
    await writeFile(file, lineStage({ output: 'lines', planes: 'uint8', height: HEIGHT, pad: PAD, channels: 'gray' }));
    await using model = await pool.load({ id: 'lines', path: file });
    const frame = gradient();
    const { outputs } = await model.run({ ...pictureFeeds(frame), ...lineFeeds(lines, { width, height: HEIGHT }) });
    frame.close();
    const data = [...((outputs.lines as InlineTensor).data as Float32Array)];
    const row = (at: number): number[] => data.slice(at * width, (at + 1) * width);
    return lines.map((_, n) => Array.from({ length: HEIGHT }, (__, y) => row(n * HEIGHT + y)));
  }

  const about = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 2));

  it('cuts out the pixels of an upright line of its own size, and fills up what is right of it', async () => {
    const [line] = await cut([{ quad: box(4, 10, 9, 18), width: 5 }], 7);
    expect(line?.[0]).toEqual(about([26, 30, 34, 38, 42, PAD, PAD]));
    expect(line?.[7]).toEqual(about([33, 37, 41, 45, 49, PAD, PAD]));
  });

  it('averages where it makes smaller', async () => {
    const [line] = await cut([{ quad: box(4, 8, 10, 24), width: 3 }], 3);
    // Means of 2×2 pixels.
    expect(line?.[0]).toEqual(about([26.5, 34.5, 42.5]));
    expect(line?.[1]).toEqual(about([28.5, 36.5, 44.5]));
  });

  it('takes the first corner for the beginning, and each line for itself', async () => {
    const upright = box(4, 10, 9, 18);
    const [a, b, c, d] = upright;
    const [plain, turned] = await cut(
      [
        { quad: upright, width: 5 },
        { quad: [c, d, a, b], width: 5 },
      ],
      5,
    );
    expect(turned?.map((row) => [...row].reverse()).reverse()).toEqual(plain?.map(about));
  });

  it('repeats the border of the picture outside of it', async () => {
    const [line] = await cut([{ quad: box(-2, 0, 3, 8), width: 5 }], 5);
    expect(line?.[0]).toEqual(about([0, 0, 0, 4, 8]));
  });
});
