import { of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { VideoSample } from '../../../pipeline/index.js';
import { PieceSink, type PieceSinkOptions } from '../../../streams/file/piece-sink.js';
import type { VideoInfo } from '../../../streams/film.js';
import { libavEngine } from '../../../streams/libav/libav-engine.js';
import { testSample } from '../../helpers/frames.js';
import { workspace } from '../../helpers/workspace.js';

/** Pictures 1/24 s apart, in microseconds: rounded times, rounded durations. */
const at24 = (index: number): VideoSample => {
  const ptsUs = Math.round((index * 1e6) / 24);
  return testSample(index, { width: 16, height: 16, ptsUs, durationUs: 41_667 });
};

const frames = (count: number) => of(...Array.from({ length: count }, (_, i) => at24(i)));

describe('PieceSink', () => {
  const path = workspace();
  const sink = (changes: Partial<PieceSinkOptions> = {}): PieceSink =>
    new PieceSink({
      engine: libavEngine,
      encoding: { videoCodec: 'ffv1' },
      folder: path('.'),
      source: { timeBase: { num: 1, den: 24 }, frameRate: { num: 24, den: 1 } } as VideoInfo,
      globalHeader: false,
      pieceUs: 1_000_000,
      originUs: 0,
      done: [],
      ...changes,
    });

  it.each([1, 2, 3, 4])('stopped after %i frames, leaves the next one to the next run', async (count) => {
    const first = sink();
    await first.consume(frames(count));
    const second = sink({ done: first.pieces });
    await second.consume(frames(6));
    expect(second.pieces.map((piece) => piece.frames)).toEqual([count, 6 - count]);
  });

  it('begins a piece at every multiple of the length, and commits them in order', async () => {
    const order: number[] = [];
    const pieces = sink({ onPiece: ({ index }) => order.push(index) });
    await pieces.consume(frames(60));
    expect(pieces.pieces.map((piece) => piece.frames)).toEqual([24, 24, 12]);
    expect(order).toEqual([0, 1, 2]);
  });
});
