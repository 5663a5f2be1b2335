import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import {
  AV_PIX_FMT_RGBA,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
} from 'node-av/constants';
import { mulberry32 } from '../../../pipeline/mulberry32.js';
import { FilterSession } from '../../../streams/libav/filter-session.js';
import { rgbaPicture } from '../../../streams/libav/synthesis/rgba-picture.js';
import { TrackEncoder } from '../../../streams/libav/synthesis/track-encoder.js';
import { writeTracks } from '../../../streams/libav/synthesis/write-tracks.js';

/** When pictures are taken. */
export interface Shutter {
  /** For tables. */
  readonly name: string;
  /** Seconds, of so many seconds of film. */
  times(seconds: number): readonly number[];
}

const [WIDTH, HEIGHT] = [640, 360];
/** Timestamps a second: every usual rate has whole ones. */
const CLOCK = 90_000;
/** FFmpeg's numbers of what RGB is, which has no range and no matrix of its own. */
const [RGB_SPACE, FULL_RANGE] = [0, 2];

/** So many pictures a second, as a fraction. */
export function steadyShutter(name: string, numerator: number, denominator = 1): Shutter {
  const step = denominator / numerator;
  return { name, times: (seconds) => Array.from({ length: Math.floor(seconds / step) }, (_, i) => i * step) };
}

/** Gaps of 1/60 to 1/12 s, as telephones and screen recorders have them. */
export const unevenShutter: Shutter = {
  name: 'variable',
  times: (seconds) => {
    const random = mulberry32(7);
    const times: number[] = [];
    for (let at = 0; at < seconds; at += 1 / 60 + random() * (1 / 12 - 1 / 60)) times.push(at);
    return times;
  },
};

/** When the hammer of {@link writeImpactFilm} strikes: unevenly, 0.8 to 1.3 s apart, on no picture of any rate in particular. */
export function impactTimes(seconds: number): readonly number[] {
  const random = mulberry32(3);
  const times: number[] = [];
  for (let at = 1.037; at < seconds - 0.6; at += 0.8 + 0.5 * random()) times.push(at);
  return times;
}

/** Writes a silent film of a hammer that strikes an anvil at {@link impactTimes} (H.264 in MP4, 640 × 360). */
export async function writeImpactFilm(path: string, seconds: number, shutter: Shutter): Promise<void> {
  const timeBase = { num: 1, den: CLOCK };
  const encoder = new TrackEncoder({
    ...{ encoder: 'libx264', options: { preset: 'veryfast', crf: '18' }, timeBase, globalHeader: true },
  });
  const square = { sampleAspectRatio: { num: 1, den: 1 } } as const;
  const session = FilterSession.open('scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', [
    {
      ...{ width: WIDTH, height: HEIGHT, avPixelFormat: AV_PIX_FMT_RGBA, timeBase, frameRate: { num: 0, den: 1 } },
      ...{ ...square, colorSpace: RGB_SPACE, colorRange: FULL_RANGE },
    },
  ]);
  const times = shutter.times(seconds);
  const impacts = impactTimes(seconds);
  const canvas = createCanvas(WIDTH, HEIGHT);
  try {
    for (const [index, time] of times.entries()) {
      drawScene(canvas.getContext('2d'), time, impacts);
      using rgba = rgbaPicture(canvas.data(), WIDTH, HEIGHT, timeBase);
      rgba.pts = BigInt(Math.round(time * CLOCK));
      await session.push(rgba);
      using picture = await session.pull();
      if (picture === undefined) throw new Error(`picture ${index} did not come out of the filter`);
      picture.pts = BigInt(Math.round(time * CLOCK));
      picture.duration = BigInt(Math.round(((times[index + 1] ?? seconds) - time) * CLOCK));
      picture.colorRange = AVCOL_RANGE_MPEG;
      picture.colorSpace = AVCOL_SPC_BT709;
      picture.colorPrimaries = AVCOL_PRI_BT709;
      picture.colorTrc = AVCOL_TRC_BT709;
      encoder.push(picture);
    }
  } finally {
    session.close();
  }
  writeTracks(path, [{ ...encoder.finish(), ...square }], { container: 'mp4' });
}

/** Radians that the hammer is raised by, and seconds that it takes to fall and to be raised again. */
const [RAISED, FALL_S, RISE_S] = [0.55, 0.24, 0.42];
/** How long the anvil trembles, seconds. */
const TREMBLE_S = 0.12;
const hand = { x: 150, y: 190 } as const;
const anvil = { x: 385, y: 222, width: 130, height: 60 } as const;
const HANDLE = 300;

function drawScene(context: SKRSContext2D, time: number, impacts: readonly number[]): void {
  drawRoom(context);
  const since = time - (impacts.findLast((impact) => impact <= time) ?? Number.NEGATIVE_INFINITY);
  const until = (impacts.find((impact) => impact > time) ?? Number.POSITIVE_INFINITY) - time;
  const tremble = since < TREMBLE_S ? 3 * Math.cos(since * 150) * (1 - since / TREMBLE_S) : 0;
  drawAnvil(context, tremble);
  drawHammer(context, raisedBy(since, until));
}

/** Of the way up, 0 on the anvil: rises after a blow, rests, and falls ever faster. */
function raisedBy(since: number, until: number): number {
  const risen = since >= RISE_S ? 1 : Math.sin((Math.PI / 2) * (since / RISE_S));
  const fallen = until >= FALL_S ? 1 : 1 - (1 - until / FALL_S) ** 2;
  return Math.min(risen, fallen);
}

function drawRoom(context: SKRSContext2D): void {
  context.fillStyle = '#6f6a62';
  context.fillRect(0, 0, WIDTH, HEIGHT);
  const random = mulberry32(11);
  for (let i = 0; i < 420; i++) {
    const light = 85 + Math.floor(45 * random());
    context.fillStyle = `rgb(${light + 8}, ${light + 3}, ${light})`;
    context.fillRect(random() * WIDTH, random() * 270, 12 + 30 * random(), 2 + 6 * random());
  }
  context.fillStyle = '#4a3a2b';
  context.fillRect(0, 270, WIDTH, 90);
  for (let i = 0; i < 160; i++) {
    context.fillStyle = random() < 0.5 ? '#54432f' : '#3e3024';
    context.fillRect(random() * WIDTH, 272 + random() * 86, 30 + 60 * random(), 1.5);
  }
}

function drawAnvil(context: SKRSContext2D, tremble: number): void {
  const { x, y, width, height } = anvil;
  context.fillStyle = 'rgba(0, 0, 0, 0.35)';
  context.fillRect(x - 14, y + height - 4, width + 40, 12);
  const steel = context.createLinearGradient(0, y, 0, y + height);
  steel.addColorStop(0, '#c9ced4');
  steel.addColorStop(0.25, '#8a9098');
  steel.addColorStop(1, '#3c4046');
  context.fillStyle = steel;
  context.fillRect(x, y + tremble, width, height * 0.45);
  context.fillRect(x + 30, y + tremble + height * 0.4, width - 60, height * 0.6);
}

/** The face of the head meets the anvil where it is not raised. */
function drawHammer(context: SKRSContext2D, raised: number): void {
  const rest = Math.atan2(anvil.y - 34 - hand.y, anvil.x + anvil.width / 2 - hand.x);
  context.save();
  context.translate(hand.x, hand.y);
  context.rotate(rest - RAISED * raised);
  context.fillStyle = '#8a5a2c';
  context.fillRect(-30, -8, HANDLE + 30, 16);
  context.fillStyle = '#2b2e33';
  context.fillRect(HANDLE - 24, -36, 50, 72);
  context.fillStyle = '#d8b08e';
  context.beginPath();
  context.ellipse(-6, 0, 30, 24, 0, 0, 2 * Math.PI);
  context.fill();
  context.restore();
}
