import { describe, expect, it } from 'vitest';
import { inverse, mapped } from '../../../../operators/text/plane-map.js';
import { distance, mapQuad } from '../../../../operators/text/quad-math.js';
import { readText } from '../../../../operators/text/read/read-text.js';
import type { TextQuad, TextsMeta } from '../../../../operators/text/texts-meta.js';
import { collect } from '../../../helpers/frames.js';
import { type BoardView, boardAt, boardDetector, boardFilm, boardReader, FAR } from './turning-board.js';

const FRAMES = 50;
const pool = { workers: 1, load: () => Promise.reject(new Error('no model is wanted')) };

/** Of each line by its text, frame by frame: how far its worst corner is from where the first quad of the line would have gone with the board, pixels. */
async function cornersOff(view: BoardView, every: number): Promise<ReadonlyMap<string, readonly number[]>> {
  const given = { pool, textDetector: boardDetector(view), lineReader: boardReader(view), every, fadeMs: 0 };
  const offs = new Map<string, number[]>();
  const first = new Map<string, TextQuad>();
  let index = 0;
  const { error } = await collect(boardFilm(FRAMES, view).pipe(readText(given)), ({ meta }) => {
    for (const { text, quad } of (meta as TextsMeta).texts) {
      const onBoard = first.get(text) ?? mapQuad(quad, (corner) => mapped(inverse(view(index)), corner));
      first.set(text, onBoard);
      const truth = mapQuad(onBoard, (corner) => mapped(view(index), corner));
      const off = Math.max(...quad.map((corner, i) => distance(corner, truth[i as 0 | 1 | 2 | 3])));
      offs.set(text, [...(offs.get(text) ?? []), off]);
    }
    index++;
  });
  expect(error).toBeUndefined();
  return offs;
}

/** A share of the way through the film, slow at both ends. */
function eased(index: number): number {
  const share = index / (FRAMES - 1);
  return share * share * (3 - 2 * share);
}

const degrees = Math.PI / 180;
const turning: BoardView = (i) => boardAt(45 * degrees * eased(i), [0, 0, FAR]);
const views: readonly (readonly [what: string, view: BoardView, most: number])[] = [
  ['a board that stands still at an angle', () => boardAt(20 * degrees, [0, 0, FAR]), 0.2],
  ['a pan', (i) => boardAt(15 * degrees, [60 - 2.37 * i, 2 - 0.117 * i, FAR]), 1],
  ['a board that turns by 45° about its vertical axis', turning, 1.5],
  ['a wall that a camera walks along', (i) => boardAt(50 * degrees, [0.4 * i - 40, 10, (1.25 - 0.011 * i) * FAR]), 1.5],
];

describe('following lines in perspective', { timeout: 120_000 }, () => {
  it.each(views)('keeps the corners of lines on %s, with a look in the first frame alone', async (_, view, most) => {
    const offs = await cornersOff(view, FRAMES);
    expect(offs.size).toBe(3);
    for (const off of offs.values()) {
      expect(off.length).toBe(FRAMES);
      expect(Math.max(...off)).toBeLessThan(most);
    }
  });

  it('adds up no errors from look to look', async () => {
    const offs = await cornersOff(turning, 5);
    for (const off of offs.values()) expect(Math.max(...off)).toBeLessThan(1.5);
  });
});
