import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../pipeline/audio-frame.js';
import { expectBalanced } from '../helpers/frames.js';

const stereo = { channels: [new Float32Array(480), new Float32Array(480)], sampleRate: 48_000, ptsUs: 5 };

describe('AudioFrame', () => {
  it('knows its length in samples and in time', () =>
    expectBalanced(() => {
      const frame = new AudioFrame(stereo);
      expect(frame).toMatchObject({ samples: 480, durationUs: 10_000, ptsUs: 5 });
      frame.close();
    }));

  it('is closed when every owner has closed it, and not once more', () =>
    expectBalanced(() => {
      const frame = new AudioFrame(stereo);
      frame.retain().close();
      expect(frame.closed).toBe(false);
      frame.close();
      expect(frame.closed).toBe(true);
      expect(() => frame.close()).toThrow(expect.objectContaining({ code: 'FRAME_CLOSED' }));
      expect(() => frame.retain()).toThrow(expect.objectContaining({ code: 'FRAME_CLOSED' }));
    }));

  it.each([
    ['no channel', { ...stereo, channels: [] }],
    ['channels of unequal length', { ...stereo, channels: [new Float32Array(1), new Float32Array(2)] }],
    ['a sample rate of 0', { ...stereo, sampleRate: 0 }],
    ['a sample rate that is no number', { ...stereo, sampleRate: Number.NaN }],
  ])('refuses %s, and opens nothing', (_, init) =>
    expectBalanced(() => {
      expect(() => new AudioFrame(init)).toThrow(expect.objectContaining({ code: 'FRAME_FORMAT' }));
    }),
  );
});
