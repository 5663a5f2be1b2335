import { lyingQuad } from '../../../models/adapters/text/quad.js';
import { defaultInferencePool } from '../../../models/default-pool.js';
import { paintText } from '../../../operators/text/paint/paint-text.js';
import { SteadyQuad } from '../../../operators/text/paint/steady-quad.js';
import { readTextOptions } from '../../../operators/text/read/read-options.js';
import { readText } from '../../../operators/text/read/read-text.js';
import { openTextNetworks } from '../../../operators/text/read/text-networks.js';
import type { TextsMeta } from '../../../operators/text/texts-meta.js';
import { translateText } from '../../../operators/text/translate/translate-text.js';
import { FramePool } from '../../../pipeline/frame-pool.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { phrasesOnly } from './phrase-translators.js';
import type { TextSettings } from './section.js';
import type { SeenLine } from './sign-sightings.js';
import { PICTURE_HEIGHT, type Street } from './street.js';
import { type StreetShot, streetFrames } from './street-pan.js';
import { textModelFinder } from './text-models.js';

/** Frames that may be open: those that the operators hold, and some. */
const SLOTS = 32;

/** With what shots are watched. */
export type ShotSettings = Pick<TextSettings, 'detector' | 'reader' | 'shared' | 'progress'>;

/** What the operators show of a shot, by frame. */
export interface WatchedShot {
  /** Where lines are, as metadata says. */
  readonly lines: readonly (readonly SeenLine[])[];
  /** Where their translations are painted. */
  readonly sprites: readonly (readonly SeenLine[])[];
}

/**
 * Sends a shot through `readText`, `translateText` and `paintText`, as films are.
 *
 * @param onFrame Called with each painted frame, which is borrowed.
 */
export async function watchShot(
  street: Street,
  shot: StreetShot,
  { detector, reader, shared, progress }: ShotSettings,
  onFrame?: (frame: VideoFrame) => void,
): Promise<WatchedShot> {
  const lines: SeenLine[][] = [];
  const steady = new SteadyLines();
  const sprites: SeenLine[][] = [];
  const painted = streetFrames(street, shot, new FramePool({ slots: SLOTS, name: 'street' })).pipe(
    readText({ detector, reader, library: textModelFinder(shared) }),
    translateText({ translators: phrasesOnly }),
    paintText(),
  );
  await new Promise<void>((resolve, reject) => {
    painted.subscribe({
      next: ({ frame, meta }) => {
        const seen = shown(meta);
        lines.push(seen);
        sprites.push(steady.next(seen));
        onFrame?.(frame);
        frame.close();
        if (lines.length % 25 === 0) progress(`frame ${lines.length} of ${shot.frames}`);
      },
      error: reject,
      complete: resolve,
    });
  });
  return { lines, sprites };
}

/** What the detector finds in each frame by itself, and the reader reads there, without any memory; lines get the numbers of their signs. */
export async function lookAtEachFrame(
  street: Street,
  shot: StreetShot,
  { detector, reader, shared, progress }: ShotSettings,
  reads: boolean,
): Promise<readonly (readonly SeenLine[])[]> {
  const networks = await openTextNetworks({ detector, reader }, defaultInferencePool(), textModelFinder(shared));
  const { longestSide } = readTextOptions.parse({});
  const look = async (frame: VideoFrame): Promise<readonly SeenLine[]> => {
    const quads = (await networks.detector.detect(frame, { longestSide })).map(({ quad }) => lyingQuad(quad));
    const read = reads ? await networks.reader.read(frame, quads, { margin: networks.margin }) : [];
    // Without memory there are no ids: all lines of a sign count as one.
    return quads.map((quad, i) => ({ id: 0, quad, says: read[i]?.text ?? '' }));
  };
  const lines: (readonly SeenLine[])[] = [];
  let last = Promise.resolve();
  try {
    await new Promise<void>((resolve, reject) => {
      streetFrames(street, shot, new FramePool({ slots: 2, name: 'street' })).subscribe({
        next: ({ frame }) => {
          last = last.then(async () => void lines.push(await look(frame))).finally(() => frame.close());
          last.catch(reject);
          progress(`frame ${lines.length} of ${shot.frames}, each by itself`);
        },
        error: reject,
        complete: () => void last.then(resolve, reject),
      });
    });
  } finally {
    await networks.close();
  }
  return lines;
}

function shown(meta: object): SeenLine[] {
  const { texts } = meta as TextsMeta;
  return texts.map(({ id, quad, text, translation }) => ({ id, quad, says: translation ?? text }));
}

/** Lines where painting puts them: it begins anew with those that were away. */
class SteadyLines {
  #known = new Map<number, SteadyQuad>();

  next(lines: readonly SeenLine[]): SeenLine[] {
    this.#known = new Map(lines.map(({ id }) => [id, this.#known.get(id) ?? new SteadyQuad(PICTURE_HEIGHT)]));
    return lines.map((line) => ({ ...line, quad: (this.#known.get(line.id) as SteadyQuad).next(line.quad) }));
  }
}
