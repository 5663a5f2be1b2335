import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lumaGrid } from '../../../../operators/shot-change/luma-grid.js';
import { LookAside } from '../../../../operators/text/read/look-aside.js';
import type { VideoFrame } from '../../../../pipeline/index.js';
import { testFrame } from '../../../helpers/frames.js';

/** A model that finds nothing, and takes as long as it is told. */
function model() {
  let finish = (): void => {};
  const detect = () =>
    new Promise((resolve) => {
      finish = () => resolve({ result: [], modelMs: 0 });
    });
  const read = async () => ({ result: [], modelMs: 0 });
  return { detect, read, finish: () => finish() };
}

const follower = { places: () => new Map(), plan: () => ({ matched: [], superseded: [], toRead: [] }) };
const picture = { retain: () => picture, close: () => {} };

describe('LookAside', () => {
  let nowMs = 0;
  let frames: VideoFrame[] = [];

  beforeEach(() => {
    nowMs = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });

  afterEach(() => {
    vi.restoreAllMocks();
    for (const frame of frames) frame.close();
    frames = [];
  });

  function frame(): VideoFrame {
    const made = testFrame(frames.length);
    frames.push(made);
    return made;
  }

  async function look(aside: LookAside, { finish }: ReturnType<typeof model>, ms: number): Promise<void> {
    const seen = frame();
    aside.begin({ frame: seen, grid: lumaGrid(seen), picture, found: undefined } as never, follower as never);
    expect(aside.isDue(frame(), false)).toBe(false);
    nowMs += ms;
    finish();
    await new Promise(setImmediate);
  }

  it.each([
    { took: 100, rests: 100 },
    { took: 900, rests: 150 },
  ])('rests after a look of $took ms for $rests ms', async ({ took, rests }) => {
    const slow = model();
    const aside = new LookAside(slow as never);
    await look(aside, slow, took);
    nowMs += rests - 1;
    expect(aside.isDue(frame(), false)).toBe(false);
    nowMs += 1;
    expect(aside.isDue(frame(), false)).toBe(true);
  });

  it('looks at once where a shot begins', async () => {
    const slow = model();
    const aside = new LookAside(slow as never);
    await look(aside, slow, 300);
    expect(aside.isDue(frame(), true)).toBe(true);
  });

  it('does not rest after a look at a shot that is over', async () => {
    const slow = model();
    const aside = new LookAside(slow as never);
    const looking = look(aside, slow, 300);
    aside.forget();
    await looking;
    expect(aside.isDue(frame(), false)).toBe(true);
  });
});
