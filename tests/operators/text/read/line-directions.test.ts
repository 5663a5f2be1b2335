import { describe, expect, it } from 'vitest';
import type { LineReader } from '../../../../models/adapters/text/line-reader.js';
import { turnedQuad } from '../../../../models/adapters/text/quad.js';
import { type DirectionReader, joinColumns, readDirections } from '../../../../operators/text/read/line-directions.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { FramePool } from '../../../../pipeline/frame-pool.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { expectBalanced, testFrame } from '../../../helpers/frames.js';

const [WIDTH, HEIGHT] = [320, 240];

interface Says {
  readonly text: string;
  readonly score: number;
}

const upright = (x: number, y: number, width: number, height: number): TextQuad => [
  [x, y],
  [x + width, y],
  [x + width, y + height],
  [x, y + height],
];
/** The same place for text that runs down. */
const falling = (quad: TextQuad): TextQuad => [quad[1], quad[2], quad[3], quad[0]];

/** A picture with blocks, one below the other: letters as far as a cut can tell. */
function blocks(places: readonly TextQuad[]): VideoFrame {
  const frame = testFrame(0, { width: WIDTH, height: HEIGHT });
  const luma = frame.plane(0).fill(60);
  for (const [[left, top], , [right, bottom]] of places) {
    for (let y = top; y < bottom; y++) luma.fill(220, y * WIDTH + left, y * WIDTH + right);
  }
  return frame;
}

/** Says of quadrangles of a frame what is told by their first corners, and of those of other frames what is laid beside each other says. */
function told(frame: VideoFrame, says: ReadonlyMap<string, Says>, stacked: Says | undefined) {
  const asked: { readonly isStacked: boolean; readonly quads: readonly TextQuad[] }[] = [];
  const reader: LineReader = {
    languages: ['en'],
    read: async (of, quads) => {
      asked.push({ isStacked: of !== frame, quads });
      return quads.map(([first]) => {
        const said = of === frame ? says.get(first.join()) : stacked;
        return { text: said?.text ?? '', score: said?.score ?? 0, characters: [] };
      });
    },
    [Symbol.asyncDispose]: async () => {},
  };
  const how: DirectionReader = { reader, options: {}, pool: new FramePool({ slots: 1, name: 'stacked' }) };
  return { how, asked };
}

const says = (...entries: readonly (readonly [TextQuad, Says])[]): ReadonlyMap<string, Says> =>
  new Map(entries.map(([[first], said]) => [first.join(), said]));
const letters = [0, 1, 2, 3].map((i) => upright(104, 20 + 30 * i, 14, 20));
const column = upright(98, 12, 26, 126);

describe('directions of lines', () => {
  it('lying text is read as it lies, and the other way round where that is doubtful and it is new', () =>
    expectBalanced(async () => {
      const [clear, doubtful] = [upright(10, 10, 80, 14), upright(10, 40, 80, 14)];
      const frame = blocks([]);
      const entries = says(
        [clear, { text: 'Gare', score: 0.95 }],
        [doubtful, { text: 'ssed', score: 0.3 }],
        [turnedQuad(doubtful), { text: 'pass', score: 0.9 }],
      );
      const { how, asked } = told(frame, entries, undefined);
      const read = await readDirections(
        frame,
        [clear, doubtful].map((quad) => ({ quad, isNew: true })),
        how,
      );
      expect(read.map(({ text }) => text)).toEqual(['Gare', 'pass']);
      expect(read[1]?.quad).toEqual(turnedQuad(doubtful));
      expect(asked.map(({ quads }) => quads.length)).toEqual([2, 1]);
      const [known] = await readDirections(frame, [{ quad: doubtful, isNew: false }], how);
      expect(known?.text).toBe('ssed');
      frame.close();
    }));

  it('text that stands is read downwards and upwards, and the better one counts', () =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const down = falling(column);
      const entries = says([down, { text: 'SOHO', score: 0.85 }], [turnedQuad(down), { text: 'OHOS', score: 0.97 }]);
      const { how } = told(frame, entries, { text: 'OOOO', score: 0.6 });
      const [read] = await readDirections(frame, [{ quad: column, isNew: true }], how);
      expect(read).toEqual({ quad: turnedQuad(down), text: 'OHOS', score: 0.97 });
      frame.close();
    }));

  it('letters one below the other are laid beside each other where no direction is sure', () =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const { how, asked } = told(frame, new Map(), { text: 'CAFE.', score: 0.95 });
      for (const isNew of [true, false]) {
        const [read] = await readDirections(frame, [{ quad: falling(column), isNew }], how);
        expect(read).toEqual({ quad: falling(column), text: 'CAFE', score: 0.95 });
      }
      expect(asked.filter(({ isStacked }) => isStacked)).toHaveLength(2);
      frame.close();
    }));

  it('nothing legible and a single letter do not hide stacked letters', () =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const down = falling(column);
      const entries = says([down, { text: 'I', score: 0.99 }], [turnedQuad(down), { text: ' ', score: 0.99 }]);
      const { how } = told(frame, entries, { text: 'CAFE', score: 0.8 });
      const [read] = await readDirections(frame, [{ quad: column, isNew: true }], how);
      expect(read?.text).toBe('CAFE');
      frame.close();
    }));

  it('a reading with other letters than the column has counts less', () =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const { how } = told(frame, new Map(), { text: 'CAFETERIA', score: 0.9 });
      const [read] = await readDirections(frame, [{ quad: column, isNew: true }], how);
      expect(read?.score).toBeLessThan(0.6);
      frame.close();
    }));

  it('ordinary lines are not cut into letters', () =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const down = falling(column);
      const { how, asked } = told(frame, says([down, { text: 'SOHO', score: 0.96 }]), { text: 'CAFE', score: 1 });
      await readDirections(
        frame,
        [
          { quad: down, isNew: true },
          { quad: upright(10, 10, 80, 14), isNew: true },
        ],
        how,
      );
      expect(asked.filter(({ isStacked }) => isStacked)).toEqual([]);
      frame.close();
    }));
});

describe('joining boxes of letters', () => {
  const boxes = letters.map(([[x, y]]) => upright(x - 4, y - 4, 22, 28));
  const other = upright(10, 200, 80, 14);

  it('makes a line of those that read as a word', () =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const { how } = told(frame, new Map(), { text: 'CAFE', score: 0.95 });
      const lines = await joinColumns(frame, [other, ...boxes], how);
      expect(lines).toHaveLength(2);
      expect(lines).toContainEqual(other);
      frame.close();
    }));

  it.each([
    ['read badly', { text: 'CAFE', score: 0.7 }],
    ['are numbers', { text: '1234', score: 0.99 }],
    ['are not as many letters', { text: 'CA FEWORD', score: 0.99 }],
  ])('leaves them alone where they %s', (_, stacked) =>
    expectBalanced(async () => {
      const frame = blocks(letters);
      const { how } = told(frame, new Map(), stacked);
      expect(await joinColumns(frame, [other, ...boxes], how)).toEqual([other, ...boxes]);
      frame.close();
    }),
  );

  it('reads nothing where there is no column', () =>
    expectBalanced(async () => {
      const frame = blocks([]);
      const { how, asked } = told(frame, new Map(), undefined);
      expect(await joinColumns(frame, [other, column], how)).toEqual([other, falling(column)]);
      expect(asked).toEqual([]);
      frame.close();
    }));
});
