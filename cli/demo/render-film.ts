import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { VitascopeError } from '../../pipeline/errors.js';
import { GrayFilmWriter } from '../../streams/libav/synthesis/gray-film-writer.js';
import { FilmLook } from './film-look.js';
import { throughLens } from './lens.js';
import { mix, smoothStep } from './noise.js';
import { farmPanorama, lakePanorama, type Panorama } from './scenes.js';

/** The demo film is 640×480 at 24 frames a second. */
export const demoFilm = { width: 640, height: 480, framesPerSecond: 24, frames: 216 } as const;

export interface RenderDemoFilmOptions {
  /** Called after each frame with the share that is done, from 0 to 1. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
}

interface Shot {
  readonly panorama: () => Panorama;
  readonly frames: number;
  /** Upper left corner of the view at the start and at the end, pixels of the panorama. */
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
}

const shots: readonly Shot[] = [
  { panorama: farmPanorama, frames: 120, from: { x: 24, y: 34 }, to: { x: 310, y: 46 } },
  { panorama: lakePanorama, frames: 96, from: { x: 318, y: 20 }, to: { x: 96, y: 36 } },
];

/** A projector's rattle, 24 beats a second, over a soft chord that swells and fades. */
const sound = [
  'anoisesrc=colour=pink:amplitude=0.5:seed=24:sample_rate=48000,bandpass=f=1800:w=1500,tremolo=f=24:d=0.85,volume=0.10[rattle]',
  'aevalsrc=exprs=0.05*sin(2*PI*196*t)+0.04*sin(2*PI*246.94*t)+0.04*sin(2*PI*293.66*t):sample_rate=48000,tremolo=f=0.25:d=0.6[chord]',
  '[rattle][chord]amix=inputs=2:normalize=0',
].join(';');

/**
 * Renders the film that `npm run demo` colours: nine seconds of a farm and a lake as an old camera saw them, panned over, with one hard
 * cut, grain and flicker, and quiet sound. The same film each time. Takes some seconds.
 *
 * @param path where to write it; an existing file is replaced. The extension chooses the container, `.mp4` or `.mkv`.
 * @throws VitascopeError `ABORTED`, `OUTPUT_UNWRITABLE`
 */
export async function renderDemoFilm(path: string, options: RenderDemoFilmOptions = {}): Promise<void> {
  const { width, height, framesPerSecond } = demoFilm;
  const writer = new GrayFilmWriter({
    width,
    height,
    frameRate: { num: framesPerSecond, den: 1 },
    container: path.toLowerCase().endsWith('.mkv') ? 'matroska' : 'mp4',
    sound,
    metadata: { title: 'A Day in the Country', comment: 'Rendered by Vitascope' },
  });
  const look = new FilmLook({ width, height, seed: 1931 });
  let done = 0;
  for (const shot of shots) {
    await breathe(options.signal);
    const panorama = throughLens(shot.panorama());
    for (let i = 0; i < shot.frames; i++) {
      await breathe(options.signal);
      const eased = smoothStep(-0.15, 1.15, i / (shot.frames - 1));
      writer.addPicture(
        look.expose(panorama, mix(shot.from.x, shot.to.x, eased), mix(shot.from.y, shot.to.y, eased), done),
      );
      options.onProgress?.(++done / demoFilm.frames);
    }
  }
  writer.write(path);
}

/** Lets timers and signals through between frames. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await yieldToEvents();
  if (signal?.aborted)
    throw new VitascopeError('ABORTED', 'renderDemoFilm: stopped on request', { cause: signal.reason });
}
