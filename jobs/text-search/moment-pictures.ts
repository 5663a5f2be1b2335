import { filterVideo } from '../../operators/ffmpeg/ffmpeg-filter.js';
import { consumeFrames, type Microseconds, rationalValue, takeFrames } from '../../pipeline/index.js';
import { openFile } from '../../streams/file/open-file.js';
import type { FilmInfo } from '../../streams/film.js';
import { encodePicture } from '../../streams/libav/encode-picture.js';
import { FrameFilter } from '../../streams/libav/frame-filter.js';

/** Moments nearer than this share a picture. */
const SHARED_US = 500_000;

/** Options of {@link momentPictures}. */
export interface MomentPicturesOptions {
  /** Rows of a picture; the width follows from the film's shape. */
  readonly height: number;
  readonly onPicture?: ((done: number, of: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Small JPEGs of moments of a film, upright and with square pixels. Only what lies between a moment and the key frame before it is decoded.
 *
 * @returns A picture for each moment, in the order of the moments; near ones share theirs. Nothing for a moment after the end.
 * @throws what reading fails with; the signal's reason.
 */
export async function momentPictures(
  input: string,
  momentsUs: readonly Microseconds[],
  { height, onPicture, signal }: MomentPicturesOptions,
): Promise<readonly (Uint8Array | undefined)[]> {
  const sorted = [...new Set(momentsUs)].sort((a, b) => a - b);
  const taken = sorted.filter(startsAnew());
  const { info } = await openFile(input);
  const chain = chainOf(info, height);
  const pictures = new Map<Microseconds, Uint8Array>();
  for (const [i, momentUs] of taken.entries()) {
    signal?.throwIfAborted();
    const picture = await pictureAt(input, momentUs, chain);
    if (picture !== undefined) pictures.set(momentUs, picture);
    onPicture?.(i + 1, taken.length);
  }
  return momentsUs.map((moment) => pictures.get(taken.findLast((each) => each <= moment) ?? Number.NaN));
}

/** True for moments that are further away from the last one for which it was. */
function startsAnew(): (moment: Microseconds) => boolean {
  let last = Number.NEGATIVE_INFINITY;
  return (moment) => {
    if (moment - last < SHARED_US) return false;
    last = moment;
    return true;
  };
}

async function pictureAt(input: string, fromUs: Microseconds, chain: string): Promise<Uint8Array | undefined> {
  const film = await openFile(input, { fromUs, slots: 4 });
  let jpeg: Uint8Array | undefined;
  const first = film.video.pipe(
    takeFrames(1),
    filterVideo(() => new FrameFilter({ chain })),
  );
  await consumeFrames(first, async ({ frame }) => {
    jpeg = await encodePicture(frame, 'mjpeg');
  });
  return jpeg;
}

function chainOf({ video }: FilmInfo, rows: number): string {
  const turns: Readonly<Record<number, string>> = { 90: 'transpose=1,', 180: 'hflip,vflip,', 270: 'transpose=2,' };
  const { width = 4, height = 3, sampleAspectRatio, rotation = 0 } = video ?? {};
  const shape = (width * (rationalValue(sampleAspectRatio ?? { num: 1, den: 1 }) || 1)) / height;
  const isUpright = rotation === 0 || rotation === 180;
  const columns = Math.max(2, Math.round((rows * (isUpright ? shape : 1 / shape)) / 2) * 2);
  return `${turns[rotation] ?? ''}scale=${columns}:${rows}:flags=bicubic,setsar=1,format=yuv420p`;
}
