import {
  AV_PIX_FMT_RGBA,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
} from 'node-av/constants';
import { FilterSession } from '../../streams/libav/filter-session.js';
import { rgbaPicture } from '../../streams/libav/synthesis/rgba-picture.js';
import { TrackEncoder } from '../../streams/libav/synthesis/track-encoder.js';
import { writeTracks } from '../../streams/libav/synthesis/write-tracks.js';
import { type DrawnPerson, drawScene, type Scene } from './scene.js';

/** What is filmed, and how. */
export interface PeopleFilm {
  readonly scene: Scene;
  /** Pixels; even numbers. */
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  /** Pictures a second. */
  readonly fps: number;
}

/** Who is where in a picture of the film. */
export interface FilmedPicture {
  /** Microseconds. */
  readonly ptsUs: number;
  readonly people: readonly DrawnPerson[];
}

/** FFmpeg's numbers of what RGB is, which has no range and no matrix of its own. */
const RGB_SPACE = 0;
const FULL_RANGE = 2;

/**
 * Writes a silent film of a scene (H.264 in MP4, BT.709).
 *
 * @returns where everybody really is, for each picture.
 * @throws VitascopeError `OUTPUT_UNWRITABLE`, `ENCODER_UNKNOWN`
 */
export async function renderPeopleFilm(path: string, film: PeopleFilm): Promise<readonly FilmedPicture[]> {
  const { scene, width, height, seconds, fps } = film;
  const timeBase = { num: 1, den: fps };
  const frameRate = { num: fps, den: 1 };
  const encoder = new TrackEncoder({
    ...{ encoder: 'libx264', options: { preset: 'veryfast', crf: '20' } },
    ...{ timeBase, frameRate, globalHeader: true },
  });
  const session = FilterSession.open('scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', [
    { width, height, avPixelFormat: AV_PIX_FMT_RGBA, timeBase, frameRate, ...square, ...rgb },
  ]);
  const pictures: FilmedPicture[] = [];
  try {
    for (let index = 0; index < seconds * fps; index++) {
      const { canvas, people } = drawScene(scene, width, height, index / fps);
      pictures.push({ ptsUs: Math.round((index * 1e6) / fps), people });
      using rgba = rgbaPicture(canvas.data(), width, height, timeBase);
      rgba.pts = BigInt(index);
      await session.push(rgba);
      await encode(encoder, session, index);
    }
  } finally {
    session.close();
  }
  writeTracks(path, [{ ...encoder.finish(), ...square, frameRate }], { container: 'mp4' });
  return pictures;
}

const square = { sampleAspectRatio: { num: 1, den: 1 } } as const;
const rgb = { colorSpace: RGB_SPACE, colorRange: FULL_RANGE } as const;

async function encode(encoder: TrackEncoder, session: FilterSession, index: number): Promise<void> {
  using picture = await session.pull();
  if (picture === undefined) throw new Error(`picture ${index} did not come out of the filter`);
  picture.pts = BigInt(index);
  picture.duration = 1n;
  picture.colorRange = AVCOL_RANGE_MPEG;
  picture.colorSpace = AVCOL_SPC_BT709;
  picture.colorPrimaries = AVCOL_PRI_BT709;
  picture.colorTrc = AVCOL_TRC_BT709;
  encoder.push(picture);
}
