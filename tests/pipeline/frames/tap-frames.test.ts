import { describe, expect, it } from 'vitest';
import { tapFrames } from '../../../pipeline/frames/tap-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom } from '../../helpers/frames.js';

describe('tapFrames', () => {
  itKeepsTheFrameOperatorLaws({ apply: (source) => source.pipe(tapFrames<VideoSample>(() => {})) });

  it('shows each frame while it is open', () =>
    expectBalanced(async () => {
      const seen: [number, boolean][] = [];
      await collect(
        framesFrom(2).pipe(tapFrames<VideoSample>(({ frame }) => void seen.push([frame.index, frame.closed]))),
      );
      expect(seen).toEqual([
        [0, false],
        [1, false],
      ]);
    }));

  it('closes the frame over which the look throws, and fails with what it threw', () =>
    expectBalanced(async () => {
      const error = new Error('unsightly');
      const look = tapFrames<VideoSample>(() => {
        throw error;
      });
      expect(await collect(framesFrom(3).pipe(look))).toEqual({ indexes: [], error });
    }));
});
