import { EMPTY, type Observable, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { branchFrames } from '../../../pipeline/frames/branch-frames.js';
import { takeFrames } from '../../../pipeline/frames/take-frames.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import {
  carelessSource,
  collect,
  expectBalanced,
  failingFrames,
  framesFrom,
  testSample,
} from '../../helpers/frames.js';

function two(source: Observable<VideoSample>): [Observable<VideoSample>, Observable<VideoSample>] {
  return branchFrames(source, 2) as unknown as [Observable<VideoSample>, Observable<VideoSample>];
}

describe('branchFrames', () => {
  describe('with one branch', () => {
    itKeepsTheFrameOperatorLaws({ apply: (source) => branchFrames(source, 1)[0] as Observable<VideoSample> });
  });

  it('gives every branch every frame, each its own share', () =>
    expectBalanced(async () => {
      const [left, right] = two(framesFrom(3));
      const results = await Promise.all([collect(left), collect(right)]);
      expect(results.map((r) => r.indexes)).toEqual([
        [0, 1, 2],
        [0, 1, 2],
      ]);
    }));

  it('makes shared frames read-only until one share is left', () =>
    expectBalanced(async () => {
      const source = new Subject<VideoSample>();
      const [left, right] = two(source);
      const kept: VideoSample[] = [];
      left.subscribe((sample) => kept.push(sample));
      right.subscribe(({ frame }) => {
        expect(frame.writable).toBe(false);
        frame.close();
      });
      source.next(testSample(0));
      expect(kept[0]?.frame.writable).toBe(true);
      kept[0]?.frame.close();
    }));

  it('starts its source when the last branch is subscribed', () => {
    const source = new Subject<VideoSample>();
    const [left, right] = two(source);
    left.subscribe();
    expect(source.observed).toBe(false);
    right.subscribe();
    expect(source.observed).toBe(true);
  });

  it('goes on for the others when one branch leaves, and leaves its source with the last', () =>
    expectBalanced(() => {
      const source = carelessSource();
      const [left, right] = two(source.frames);
      const seen: number[] = [];
      const close = ({ frame }: VideoSample): void => {
        seen.push(frame.index);
        frame.close();
      };
      const first = left.subscribe(close);
      const second = right.subscribe(close);
      source.emit(0);
      first.unsubscribe();
      source.emit(1);
      expect(source.left()).toBe(false);
      second.unsubscribe();
      expect(source.left()).toBe(true);
      source.emit(2);
      expect(seen).toEqual([0, 0, 1]);
    }));

  it('leaves an endless synchronous source when all branches have left', () =>
    expectBalanced(async () => {
      const [left, right] = two(framesFrom(Number.POSITIVE_INFINITY));
      const results = [collect(left.pipe(takeFrames(3))), collect(right.pipe(takeFrames(1)))];
      expect((await Promise.all(results)).map((r) => r.indexes)).toEqual([[0, 1, 2], [0]]);
    }));

  it('closes the share of a branch that leaves while the frame is being handed out', () =>
    expectBalanced(() => {
      const source = new Subject<VideoSample>();
      const [left, right] = two(source);
      left.subscribe(({ frame }) => {
        second.unsubscribe();
        frame.close();
      });
      const second = right.subscribe(() => expect.fail('the branch had left'));
      source.next(testSample(0));
    }));

  it('tells every branch of an error', () =>
    expectBalanced(async () => {
      const error = new Error('broken');
      const results = await Promise.all(two(failingFrames(2, error)).map((branch) => collect(branch)));
      expect(results).toEqual([
        { indexes: [0, 1], error },
        { indexes: [0, 1], error },
      ]);
    }));

  it('tells every branch of the end', async () => {
    const results = await Promise.all(two(EMPTY).map((branch) => collect(branch)));
    expect(results.map((r) => r.error)).toEqual([undefined, undefined]);
  });

  it('refuses a second subscription of a branch', async () => {
    const [branch] = two(EMPTY);
    branch.subscribe();
    expect((await collect(branch)).error).toMatchObject({ code: 'OPTION_INVALID' });
  });

  it.each([0, 2.5])('refuses to make %s branches', (count) => {
    expect(() => branchFrames(EMPTY, count)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});
