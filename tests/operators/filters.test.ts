import type { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { deinterlace } from '../../operators/deinterlace/deinterlace.js';
import { ffmpegFilter } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { sideBySide } from '../../operators/side-by-side/side-by-side.js';
import { attach, branchFrames, mapOrdered, type VideoSample } from '../../pipeline/index.js';
import { itKeepsTheFrameOperatorLaws } from '../helpers/frame-operator-laws.js';
import { closeSamples, collect, expectBalanced, framesFrom } from '../helpers/frames.js';

const small = { width: 64, height: 48 } as const;

/** Fills luma with the frame's number and gives chroma a neutral value. */
const numbered = mapOrdered<VideoSample, VideoSample>(async (sample) => {
  sample.frame.plane(0).fill(sample.frame.index * 10);
  sample.frame.plane(1).fill(128);
  sample.frame.plane(2).fill(128);
  return sample;
});

/** Takes everything and keeps the frames open; the caller closes them. */
async function gather(frames: Observable<VideoSample>): Promise<VideoSample[]> {
  const samples: VideoSample[] = [];
  const { error } = await collect(frames, (sample) => {
    sample.frame.retain();
    samples.push(sample);
  });
  expect(error).toBeUndefined();
  return samples;
}

describe('ffmpegFilter', () => {
  itKeepsTheFrameOperatorLaws({ apply: ffmpegFilter({ chain: 'null' }), synchronous: false });

  it('changes size and keeps time, number and metadata', () =>
    expectBalanced(async () => {
      const frames = framesFrom(3, small).pipe(
        mapOrdered(async (sample: VideoSample) => attach(sample, { note: sample.frame.index })),
        ffmpegFilter({ chain: 'scale=32:24' }),
      );
      const samples = await gather(frames);
      expect(samples.map(({ frame }) => [frame.width, frame.height, frame.index])).toEqual([
        [32, 24, 0],
        [32, 24, 1],
        [32, 24, 2],
      ]);
      expect(samples.map((s) => s.meta)).toEqual([{ note: 0 }, { note: 1 }, { note: 2 }]);
      expect(samples.map(({ frame }) => frame.ptsUs)).toEqual([0, 40_000, 80_000]);
      closeSamples(samples);
    }));

  it('gives at the end what the filter held back', () =>
    expectBalanced(async () => {
      const samples = await gather(framesFrom(5, small).pipe(numbered, ffmpegFilter({ chain: 'reverse' })));
      expect(samples.map(({ frame }) => frame.plane(0)[0])).toEqual([40, 30, 20, 10, 0]);
      closeSamples(samples);
    }));

  it('takes ten bits and full range as they are', () =>
    expectBalanced(async () => {
      const color = { range: 'pc', matrix: 1, primaries: 1, transfer: 1, chromaLocation: 1 } as const;
      const source = framesFrom(1, { ...small, pixelFormat: 'yuv422p10', color }).pipe(
        mapOrdered(async (sample: VideoSample) => {
          sample.frame.plane(0).fill(1000);
          return sample;
        }),
      );
      const samples = await gather(source.pipe(ffmpegFilter({ chain: 'hflip' })));
      const frame = samples[0]?.frame;
      expect([frame?.pixelFormat, frame?.color.range, frame?.plane(0)[7]]).toEqual(['yuv422p10', 'pc', 1000]);
      closeSamples(samples);
    }));

  it('refuses an empty chain at once, and one that does not parse when the first frame comes', async () => {
    expect(() => ffmpegFilter({ chain: ' ' })).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    await expectBalanced(async () => {
      const { error } = await collect(framesFrom(2, small).pipe(ffmpegFilter({ chain: 'no_such_filter' })));
      expect(error).toMatchObject({ code: 'FILTER_INVALID' });
    });
  });
});

describe('deinterlace', () => {
  itKeepsTheFrameOperatorLaws({ apply: deinterlace(), synchronous: false });

  it('passes progressive frames on untouched: the same frames', () =>
    expectBalanced(async () => {
      const given: unknown[] = [];
      const source = framesFrom(4, small).pipe(
        mapOrdered(async (sample: VideoSample) => {
          given.push(sample.frame);
          return sample;
        }),
      );
      const samples = await gather(source.pipe(deinterlace()));
      expect(samples.map((s) => s.frame)).toEqual(given);
      closeSamples(samples);
    }));

  it('makes one progressive picture of each interlaced one, or two at field rate', () =>
    expectBalanced(async () => {
      const interlaced = () => framesFrom(5, { ...small, fieldOrder: 'top-first' });
      const one: unknown[] = [];
      await collect(interlaced().pipe(deinterlace()), ({ frame }) => one.push([frame.ptsUs, frame.fieldOrder]));
      expect(one).toEqual([0, 40_000, 80_000, 120_000, 160_000].map((t) => [t, 'progressive']));
      const two: number[] = [];
      await collect(interlaced().pipe(deinterlace({ rate: 'field' })), ({ frame }) => two.push(frame.ptsUs));
      expect(two).toEqual(Array.from({ length: 10 }, (_, i) => i * 20_000));
    }));
});

describe('sideBySide', () => {
  it('puts pictures of the same time beside each other', () =>
    expectBalanced(async () => {
      const [left, right] = branchFrames<VideoSample>(framesFrom(3, small).pipe(numbered), 2);
      const samples = await gather(sideBySide(left as never, right as never));
      expect(samples.map(({ frame }) => [frame.width, frame.height, frame.ptsUs])).toEqual([
        [128, 48, 0],
        [128, 48, 40_000],
        [128, 48, 80_000],
      ]);
      closeSamples(samples);
    }));

  it('fails, and closes everything, when the sizes do not fit', () =>
    expectBalanced(async () => {
      const { error } = await collect(sideBySide(framesFrom(2, small), framesFrom(2, { width: 64, height: 32 })));
      expect(error).toMatchObject({ code: 'FILTER_INVALID' });
    }));
});
