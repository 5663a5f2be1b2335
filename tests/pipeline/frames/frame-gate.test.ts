import { NEVER } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { FrameGate } from '../../../pipeline/frames/frame-gate.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { carelessSource, collect, expectBalanced, failingFrames, framesFrom } from '../../helpers/frames.js';

describe('FrameGate', () => {
  itKeepsTheFrameOperatorLaws({ apply: (source) => new FrameGate<VideoSample>().guard(source) });

  it('ends the stream as if its source had completed, leaving the source', () =>
    expectBalanced(async () => {
      const gate = new FrameGate<VideoSample>();
      const source = carelessSource();
      const result = collect(gate.guard(source.frames));
      source.emit(0);
      gate.complete();
      source.emit(1);
      expect(await result).toEqual({ indexes: [0], error: undefined });
      expect(source.left()).toBe(true);
      expect(gate.frames).toBe(1);
    }));

  it('ends the stream with an error', () =>
    expectBalanced(async () => {
      const gate = new FrameGate<VideoSample>();
      const result = collect(gate.guard(NEVER));
      gate.fail('enough');
      gate.complete();
      expect(await result).toEqual({ indexes: [], error: 'enough' });
    }));

  it('ends a stream that is subscribed only afterwards, without subscribing to its source', async () => {
    const gate = new FrameGate<VideoSample>();
    gate.complete();
    const source = carelessSource();
    expect(await collect(gate.guard(source.frames))).toEqual({ indexes: [], error: undefined });
  });

  it('tells how its source ended', () =>
    expectBalanced(async () => {
      const heard: unknown[] = [];
      const gate = (): FrameGate<VideoSample> =>
        new FrameGate({ onComplete: () => heard.push('completed'), onError: (error) => heard.push(error) });
      await collect(gate().guard(framesFrom(1)));
      await collect(gate().guard(failingFrames(1, 'broken')));
      expect(heard).toEqual(['completed', 'broken']);
    }));

  it('guards one subscription', async () => {
    const gate = new FrameGate<VideoSample>();
    const guarded = gate.guard(NEVER);
    guarded.subscribe();
    expect((await collect(guarded)).error).toMatchObject({ code: 'OPTION_INVALID' });
  });
});
