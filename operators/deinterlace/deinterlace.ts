import type { MonoTypeOperatorFunction, Observable } from 'rxjs';
import { z } from 'zod';
import {
  type FrameTransform,
  type OperatorDefinition,
  transformFrames,
  type VideoSample,
} from '../../pipeline/index.js';
import { FrameFilter } from '../../streams/libav/frame-filter.js';
import { parseOptions } from '../options.js';

export const deinterlaceOptions = z.strictObject({
  when: z
    .enum(['interlaced', 'always'])
    .default('interlaced')
    .describe(
      '`interlaced` leaves pictures alone that are marked progressive; `always` treats every picture as two fields',
    ),
  rate: z
    .enum(['frame', 'field'])
    .default('frame')
    .describe('`frame` makes one picture of each; `field` makes two, doubling the rate: smoother motion'),
});
/** Options of {@link deinterlace}, before defaults. */
export type DeinterlaceOptions = z.input<typeof deinterlaceOptions>;

/**
 * Turns interlaced pictures into progressive ones with FFmpeg's bwdif (Bob Weaver with w3fdif's spatial and yadif's temporal checks).
 * video → video; frames that go in are closed, frames that come out belong to the receiver.
 * With `when: 'interlaced'` everything passes untouched until the first picture that is marked interlaced; only marked pictures change.
 *
 * @param slots Output frames that may be open at once. Default 8.
 * @throws VitascopeError `OPTION_INVALID` at once for wrong options.
 * @see https://ffmpeg.org/ffmpeg-filters.html#bwdif-1
 * @example film.video.pipe(deinterlace({ rate: 'field' }))
 */
export function deinterlace(options: DeinterlaceOptions = {}, slots?: number): MonoTypeOperatorFunction<VideoSample> {
  const { when, rate } = parseOptions('deinterlace', deinterlaceOptions, options);
  const chain = `bwdif=mode=send_${rate}:parity=auto:deint=${when === 'always' ? 'all' : 'interlaced'}`;
  return transformFrames<VideoSample, VideoSample>(
    () => new Deinterlacer(new FrameFilter({ chain, slots }), when === 'always'),
    ({ frame }) => frame.close(),
  );
}

/** Passes pictures on until the first interlaced one, then runs all through the filter, whose memory spans three pictures. */
class Deinterlacer implements FrameTransform<VideoSample, VideoSample> {
  readonly #filter: FrameFilter;
  #filtering: boolean;

  constructor(filter: FrameFilter, always: boolean) {
    this.#filter = filter;
    this.#filtering = always;
  }

  async transform(sample: VideoSample, emit: (sample: VideoSample) => void, signal: AbortSignal): Promise<void> {
    this.#filtering ||= sample.frame.fieldOrder !== 'progressive';
    if (this.#filtering) await this.#filter.transform([sample], emit, signal);
    else emit(sample);
  }

  flush(emit: (sample: VideoSample) => void, signal: AbortSignal): Promise<void> {
    return this.#filter.flush(emit, signal);
  }

  dispose(): void {
    this.#filter.dispose();
  }
}

export const deinterlaceDefinition: OperatorDefinition<z.output<typeof deinterlaceOptions>> = {
  name: 'deinterlace',
  summary: 'Turns interlaced pictures into progressive ones (bwdif); progressive ones pass untouched.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: [],
  provides: [],
  options: deinterlaceOptions,
  // bwdif looks one picture ahead.
  demand: () => ({ holds: 2, needs: 2 }),
  warmupFrames: () => 3,
  create: (options, { slots }) => {
    // At field rate every input becomes two.
    const operator = deinterlace(options, options.rate === 'field' ? 2 * slots : slots);
    return ([video]) => [operator(video as Observable<VideoSample>)];
  },
};
