import { describe, expect, it } from 'vitest';
import { sourceMetadata } from '../../../jobs/film-records/source-metadata.js';
import { toSource } from '../../../jobs/film-records/source-places.js';
import { attach, type VideoSample, withFrame } from '../../../pipeline/index.js';
import { shownSize } from '../../../pipeline/rotation.js';
import { testSample } from '../../helpers/frames.js';

const source = { width: 200, height: 100 };
const attached = { width: 100, height: 100 };
const someone = { id: 1, box: [10, 20, 30, 60], keypoints: [[10, 20, 0.5]] };

describe('places in pixels of the source', () => {
  it.each([
    [0, [20, 20, 60, 60], [20, 20, 0.5], [200, 100]],
    [90, [40, 20, 80, 60], [80, 20, 0.5], [100, 200]],
    [180, [140, 40, 180, 80], [180, 80, 0.5], [200, 100]],
    [270, [20, 140, 60, 180], [20, 180, 0.5], [100, 200]],
  ])('are scaled, and turned by %i°', (rotation, box, keypoint, size) => {
    const [moved] = toSource([someone], { attached, source, rotation }) as (typeof someone)[];
    expect(moved).toEqual({ id: 1, box, keypoints: [keypoint] });
    expect(Object.values(shownSize(source, rotation))).toEqual(size);
  });

  it('are the corners of text too, which keep their order', () => {
    const quad = [
      [10, 20],
      [30, 20],
      [30, 60],
      [10, 60],
    ];
    const [moved] = toSource([{ id: 1, quad }], { attached, source, rotation: 90 }) as { quad: unknown }[];
    expect(moved?.quad).toEqual([
      [80, 20],
      [80, 60],
      [40, 60],
      [40, 20],
    ]);
  });

  it('are those of one thing as well as those of a list', () => {
    expect(toSource(someone, { attached, source, rotation: 0 })).toMatchObject({ box: [20, 20, 60, 60] });
  });

  it('are zeros for key points whose place is no number', () => {
    const lost = { keypoints: [[null, 3, 0.5]] };
    expect(toSource([lost], { attached, source, rotation: 90 })).toEqual([{ keypoints: [[0, 0, 0]] }]);
  });

  it.each([[null], [3], ['text'], [[1, 'two', null]], [{ box: 'wide' }], [{ box: [1, 2] }], [{ present: 2 }]])(
    'are not looked for in %j',
    (value) => {
      expect(toSource(value, { attached, source, rotation: 90 })).toEqual(value);
    },
  );

  it('know the size of the picture that they were attached to, whatever becomes of the picture', () => {
    const small = testSample(0, { width: 100, height: 100 });
    const large = testSample(0, { width: 400, height: 400 });
    const found = attach(small, { people: [someone] });
    const copied: VideoSample = { frame: found.frame, meta: { ...found.meta } };
    const enlarged = attach(withFrame(copied, large.frame), { more: [someone] });
    small.frame.close();
    expect(sourceMetadata(enlarged, source, 0)).toMatchObject({
      people: [{ box: [20, 20, 60, 60] }],
      more: [{ box: [5, 5, 15, 15] }],
    });
    large.frame.close();
  });

  it('are taken for those of the frame where nobody knows better', () => {
    const sample = { ...testSample(0, { width: 100, height: 100 }), meta: { people: [someone] } };
    expect(sourceMetadata(sample, source, 0)).toMatchObject({ people: [{ box: [20, 20, 60, 60] }] });
    sample.frame.close();
  });
});
