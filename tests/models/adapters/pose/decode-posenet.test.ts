import { describe, expect, it } from 'vitest';
import { decodePoseNet, type Peak, type PoseNetFields } from '../../../../models/adapters/pose/decode-posenet.js';
import { Field } from '../../../../models/adapters/pose/field.js';
import { treeEdges, treeSteps } from '../../../../models/adapters/pose/skeleton-tree.js';

const ROWS = 12;
const COLUMNS = 20;
const STRIDE = 16;

/** The places of 17 key points around a person's middle, in cells. */
const body = Array.from({ length: 17 }, (_, k) => ({ x: (k % 5) - 2, y: Math.floor(k / 5) - 1.5 }));

/** Fields of people who stand at `middles`: every cell points to the nearest of them. */
function fieldsOf(middles: readonly { x: number; y: number }[], logit = 3): PoseNetFields & { readonly peaks: Peak[] } {
  const [heat, short, mid] = [17, 34, 64].map((channels) => new Float32Array(ROWS * COLUMNS * channels)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  heat.fill(-5);
  for (let cell = 0; cell < ROWS * COLUMNS; cell++) {
    const [x, y] = [cell % COLUMNS, Math.floor(cell / COLUMNS)];
    const middle = [...middles].sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))[0] ?? {
      x,
      y,
    };
    const place = (k: number) => ({ x: middle.x + (body[k]?.x ?? 0), y: middle.y + (body[k]?.y ?? 0) });
    for (let k = 0; k < 17; k++) {
      short[cell * 34 + k] = (place(k).y - y) * STRIDE;
      short[cell * 34 + 17 + k] = (place(k).x - x) * STRIDE;
      if (Math.hypot(place(k).x - x, place(k).y - y) < 1.5) heat[cell * 17 + k] = logit;
    }
    treeEdges.forEach(([parent, child], edge) => {
      for (const [block, target] of [
        [0, child],
        [32, parent],
      ] as const) {
        mid[cell * 64 + block + edge] = (place(target).y - y) * STRIDE;
        mid[cell * 64 + block + 16 + edge] = (place(target).x - x) * STRIDE;
      }
    });
  }
  const peaks = middles.flatMap((middle) =>
    body.map(
      ({ x, y }, keypoint): Peak => ({
        keypoint,
        column: Math.round(middle.x + x),
        row: Math.round(middle.y + y),
        score: logit,
      }),
    ),
  );
  const field = (data: Float32Array, channels: number): Field => new Field(data, [ROWS, COLUMNS, channels]);
  return { heat: field(heat, 17), shortOffsets: field(short, 34), midOffsets: field(mid, 64), stride: STRIDE, peaks };
}

const options = { maxPeople: 10, score: 0.3, radius: 20, probability: (logit: number) => 1 / (1 + Math.exp(-logit)) };

describe('the tree of the skeleton', () => {
  it('joins all key points', () => {
    const reached = new Set([0]);
    for (const keypoint of reached) for (const { to } of treeSteps[keypoint] ?? []) reached.add(to);
    expect(reached.size).toBe(17);
    expect(treeEdges).toHaveLength(16);
  });

  it('has a channel for each direction of each edge', () => {
    const channels = treeSteps.flatMap((steps) => steps.map(({ channel }) => channel)).sort((a, b) => a - b);
    expect(channels).toEqual([...Array(16).keys(), ...Array.from({ length: 16 }, (_, i) => 32 + i)]);
  });
});

describe('decoding PoseNet', () => {
  it('finds each person once, with every key point where the offsets lead', () => {
    const middles = [
      { x: 4.25, y: 5.5 },
      { x: 14.5, y: 6.25 },
    ];
    const fields = fieldsOf(middles);
    const people = decodePoseNet(fields.peaks, fields, options);
    expect(people).toHaveLength(2);
    for (const [i, { points, score }] of people.entries()) {
      expect(score).toBeCloseTo(options.probability(3), 1);
      points.forEach(({ x, y }, k) => {
        expect(x).toBeCloseTo((middles[i]?.x ?? 0) + (body[k]?.x ?? 0), 3);
        expect(y).toBeCloseTo((middles[i]?.y ?? 0) + (body[k]?.y ?? 0), 3);
      });
    }
  });

  it('finds no more people than are wanted', () => {
    const fields = fieldsOf([
      { x: 4, y: 5 },
      { x: 14, y: 6 },
    ]);
    expect(decodePoseNet(fields.peaks, fields, { ...options, maxPeople: 1 })).toHaveLength(1);
  });

  it('finds nobody where nothing is sure', () => {
    const fields = fieldsOf([{ x: 4, y: 5 }], -3);
    expect(decodePoseNet(fields.peaks, fields, options)).toEqual([]);
  });

  it('finds nobody without peaks', () => {
    expect(decodePoseNet([], fieldsOf([{ x: 4, y: 5 }]), options)).toEqual([]);
  });
});

describe('a field', () => {
  const field = new Field(Float32Array.of(0, 10, 20, 30), [2, 2, 1]);

  it.each([
    [0, 0, 0],
    [1, 1, 30],
    [0.5, 0, 5],
    [0, 0.5, 10],
    [0.25, 0.75, 17.5],
    [-3, 0, 0],
    [9, 9, 30],
  ])('is at %d, %d: %d', (x, y, value) => {
    expect(field.at(x, y, 0)).toBeCloseTo(value);
  });
});
