import type { Point } from '../../../operators/text/texts-meta.js';
import { FramePool } from '../../../pipeline/frame-pool.js';
import { VideoFrame } from '../../../pipeline/video-frame.js';
import { frameProperties } from './plane-picture.js';
import { drawStreet, PICTURE_HEIGHT, PICTURE_WIDTH, type StreetSign } from './street.js';
import { FRAME_RATE, quadInPicture, StreetCamera, type StreetShot, staticShot } from './street-pan.js';
import { type SignText, signTexts } from './street-signs.js';

/** Frames before the first sign, and from one to the next. */
const [FIRST, STEP] = [2 * FRAME_RATE, 2.6 * FRAME_RATE];
const GRAIN = 4;

/** A sign that is not there at first. */
export interface AppearingSign {
  readonly sign: StreetSign;
  /** Number of the first frame with it. */
  readonly from: number;
}

/** Pictures of a camera in a hand, before which signs appear one after the other; ready, so that showing them takes no time. */
export interface AppearingFilm {
  readonly signs: readonly AppearingSign[];
  readonly shot: StreetShot;
  /** Planes of each frame, one after the other. */
  readonly pictures: readonly Uint8Array[];
}

/** Draws the film. @param texts What the signs say. */
export function appearingSigns(seconds: number, texts: readonly SignText[] = signTexts): AppearingFilm {
  const street = drawStreet(undefined, texts);
  const [x, y] = staticShot(street, 1).at(0);
  const at = (index: number): Point => [x + 4 * Math.sin(index / 14), y + 2.5 * Math.cos(index / 11)];
  const shot: StreetShot = { frames: seconds * FRAME_RATE, grain: GRAIN, at };
  const inView = street.signs.flatMap((sign, i) => (quadInPicture(sign, [x, y], 6) === undefined ? [] : [i]));
  const starts = new Map(inView.map((sign, i) => [sign, Math.round(FIRST + i * STEP)]));
  const signs = [...starts].map(([i, from]) => ({ sign: street.signs[i] as StreetSign, from }));
  const pool = new FramePool({ slots: 1, name: 'street' });
  const pictures: Uint8Array[] = [];
  let camera: StreetCamera | undefined;
  for (let index = 0; index < shot.frames; index++) {
    // What is at the edge of the picture never appears: it would be there in part.
    if (camera === undefined || signs.some(({ from }) => from === index)) {
      camera = new StreetCamera(
        drawStreet((sign) => (starts.get(sign) ?? Infinity) <= index, texts),
        shot,
      );
    }
    const frame = VideoFrame.tryCreate(pool, frameProperties(index, PICTURE_WIDTH, PICTURE_HEIGHT)) as VideoFrame;
    camera.take(frame);
    pictures.push(Uint8Array.from(new Uint8Array(frame.buffer, 0, (PICTURE_WIDTH * PICTURE_HEIGHT * 3) / 2)));
    frame.close();
  }
  return { signs, shot, pictures };
}
