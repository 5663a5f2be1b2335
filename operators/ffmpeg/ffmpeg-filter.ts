import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { z } from 'zod';
import { type OperatorDefinition, transformFrames, type VideoSample } from '../../pipeline/index.js';
import { FrameFilter } from '../../streams/libav/frame-filter.js';
import { readsFiles } from '../option-reach.js';
import { parseOptions } from '../options.js';

export const ffmpegOptions = z.strictObject({
  /** FFmpeg filter syntax with one video input and one video output. */
  chain: z.string().trim().min(1).describe('FFmpeg filter chain, e.g. "hqdn3d,scale=1280:-2"').meta(readsFiles),
  /** Pictures the chain may take in before it gives one out; matters where its output is joined with another branch. */
  lookAhead: z.int().min(0).max(256).default(4).describe('pictures the chain may hold back before it gives one'),
});
/** Options of {@link ffmpegFilter}, before defaults. */
export type FfmpegOptions = z.input<typeof ffmpegOptions>;

/**
 * Runs any FFmpeg filter chain on the pictures: video → video. Sizes, formats, rates and times may change. Frames that go in are
 * closed; frames that come out belong to the receiver. Filters may hold pictures back and give them at the end.
 * Metadata follows pictures that keep their time. The chain is checked when the first picture comes.
 *
 * @param slots Output frames that may be open at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID` at once for a missing chain; the stream fails with `FILTER_INVALID` for one that does not parse.
 * @see https://ffmpeg.org/ffmpeg-filters.html
 * @example film.video.pipe(ffmpegFilter({ chain: 'hqdn3d,unsharp' }))
 */
export function ffmpegFilter(options: FfmpegOptions, slots?: number): MonoTypeOperatorFunction<VideoSample> {
  const { chain } = parseOptions('ffmpeg', ffmpegOptions, options);
  return filterVideo(() => new FrameFilter({ chain, slots }));
}

/** A filter with one input as an operator on samples. */
export function filterVideo(create: () => FrameFilter): MonoTypeOperatorFunction<VideoSample> {
  return transformFrames<VideoSample, VideoSample>(
    () => {
      const filter = create();
      return {
        transform: (sample, emit, signal) => filter.transform([sample], emit, signal),
        flush: (emit, signal) => filter.flush(emit, signal),
        dispose: () => filter.dispose(),
      };
    },
    ({ frame }) => frame.close(),
  );
}

export const ffmpegDefinition: OperatorDefinition<z.output<typeof ffmpegOptions>> = {
  name: 'ffmpeg',
  summary: 'Runs any FFmpeg filter chain on the pictures.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [],
  options: ffmpegOptions,
  demand: ({ lookAhead }) => ({ holds: lookAhead + 1, needs: lookAhead + 1 }),
  warmupFrames: () => 32,
  create: (options, { slots }) => {
    const operator = ffmpegFilter(options, slots);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
