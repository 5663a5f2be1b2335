import type { VideoSample } from '../../../pipeline/sample.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { FrameFilter } from '../../../streams/libav/frame-filter.js';

/** Black and white, flat, soft and grainy; the grain is the same each time. */
export const FILM_LOOK =
  'hue=s=0,eq=contrast=0.75:brightness=-0.05,gblur=sigma=1.2,noise=alls=26:allf=u:all_seed=7,format=yuv420p';

/** A picture as old film would have it. Takes the frame, and gives another. */
export async function asOldFilm(frame: VideoFrame): Promise<VideoFrame> {
  const filter = new FrameFilter({ chain: FILM_LOOK });
  try {
    const made: VideoSample[] = [];
    await filter.transform([{ frame, meta: {} }], (sample) => made.push(sample), new AbortController().signal);
    const [first] = made;
    if (first === undefined) throw new Error('the filter gave no picture');
    return first.frame;
  } finally {
    filter.dispose();
  }
}
