import { expect, it, vi } from 'vitest';
import { rehearsePainting } from '../../../../operators/text/paint/rehearse-painting.js';
import { TextPainting } from '../../../../operators/text/paint/text-painting.js';
import { expectBalanced } from '../../../helpers/frames.js';

it('tries again after it has failed', () =>
  expectBalanced(async () => {
    const missing = { style: 'replace', mostLines: 48, font: 'No Such Font At All' } as const;
    await expect(rehearsePainting(missing)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(rehearsePainting(missing)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  }));

it('paints over every made-up sign, once in a process', () =>
  expectBalanced(async () => {
    const painted: boolean[] = [];
    const paint = TextPainting.prototype.paint;
    const spy = vi.spyOn(TextPainting.prototype, 'paint').mockImplementation(function (
      this: TextPainting,
      frame,
      meta,
    ) {
      const before = meta.texts.map(({ quad: [[x, y], , [right, bottom]] }) => () => {
        let sum = 0;
        for (let row = Math.ceil(y) + 12; row < bottom - 12; row++) {
          for (let at = Math.ceil(x); at < right; at++)
            sum += (row * at * (frame.plane(0)[row * frame.width + at] ?? 0)) % 997;
        }
        return sum;
      });
      const sums = before.map((measure) => measure());
      paint.call(this, frame, meta);
      painted.push(...before.map((measure, i) => measure() !== sums[i]));
    });
    await rehearsePainting({ style: 'replace', mostLines: 48 });
    expect(painted.length).toBeGreaterThanOrEqual(12);
    expect(painted).not.toContain(false);
    const times = spy.mock.calls.length;
    await rehearsePainting({ style: 'replace', mostLines: 48 });
    expect(spy.mock.calls.length).toBe(times);
    spy.mockRestore();
  }));
