import { describe, expect, it } from 'vitest';
import { describeCadence } from '../../pipeline/describe-cadence.js';
import { NodeMeter, reportCadence } from '../../pipeline/metrics.js';
import { testSample } from '../helpers/frames.js';

function snapshotOf(looks: readonly boolean[]) {
  const meter = new NodeMeter('colorize');
  looks.forEach((fresh, index) => {
    const sample = testSample(index);
    meter.entered(sample);
    reportCadence(sample, fresh);
    sample.frame.close();
  });
  return meter.snapshot();
}

describe('describeCadence', () => {
  it('has nothing to say of a node without a network, or one that keeps up', () => {
    expect(describeCadence(snapshotOf([]))).toBeUndefined();
    expect(describeCadence(snapshotOf([true, true]))).toBeUndefined();
  });

  it.each([
    [[true, false, false], 'colorize runs on 1 of 3 frames'],
    [[true, true, false], 'colorize runs on 10 of 15 frames'],
    [[true, ...new Array<boolean>(40).fill(false)], 'colorize runs on 1 of 41 frames'],
  ])('puts it into words', (looks, words) => {
    expect(describeCadence(snapshotOf(looks))).toBe(words);
  });

  it('goes by the last 256 frames', () => {
    const looks = [...new Array<boolean>(300).fill(true), ...Array.from({ length: 256 }, (_, i) => i % 4 === 0)];
    const snapshot = snapshotOf(looks);
    expect(snapshot.cadence).toEqual({ fresh: 364, carried: 192, every: 4 });
    expect(describeCadence(snapshot)).toBe('colorize runs on 1 of 4 frames');
  });
});
