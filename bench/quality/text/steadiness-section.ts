import { percentile } from '../../statistics.js';
import { markdownTable } from '../pose/markdown-table.js';
import { verdict } from '../section.js';
import type { TextFigures, TextSettings } from './section.js';
import { changesOf, driftsOf, jitterOf, type SeenLine, type SignSightings, sightings } from './sign-sightings.js';
import { drawStreet, type Street } from './street.js';
import { FRAME_RATE, panShot, type StreetShot, staticShot } from './street-pan.js';
import { lookAtEachFrame, watchShot } from './watch-street.js';

const STATIC_SECONDS = 60;
/** Of the static shot, for the baseline. */
const BASELINE_SECONDS = 10;
const GRAIN = 4;
const MOST_JITTER = 0.5;
const MOST_DRIFT = 2;
/** Signs nearer to the edge of the picture than this are still coming into it: their lines grow, pixels. */
const INSET = 48;

/** How long shots are. */
export interface SteadinessSpan {
  readonly staticSeconds: number;
  readonly baselineSeconds: number;
}

/** What becomes of text over time in a drawn street: whether what is shown changes, and whether it stays where it belongs. */
export const steadinessFigures: TextFigures = (settings) =>
  measureSteadiness(settings, { staticSeconds: STATIC_SECONDS, baselineSeconds: BASELINE_SECONDS });

/** {@link steadinessFigures} over other spans. */
export async function measureSteadiness(settings: TextSettings, span: SteadinessSpan): ReturnType<TextFigures> {
  const street = drawStreet();
  const rest = await staticFigures(street, settings, span);
  const pan = await panFigures(street, settings);
  const { signs, frames } = pan;
  return {
    title: 'Steadiness of what is read and painted',
    markdown: [rest.markdown, pan.markdown].join('\n\n'),
    notes: [
      `A drawn street of 640×360 with twelve signs in French, Spanish and German (\`bench/quality/text/street.ts\`), grain of standard deviation ${GRAIN} codes, through readText (\`${settings.detector}\`, \`${settings.reader}\`), translateText (phrases of signs, no network) and paintText, as films are`,
      `Static: ${rest.signs} signs wholly in view for ${span.staticSeconds} s. A change: what is shown on a sign is other than in the frame before, or gone. Jitter: distance of the corners of a line from where they are on average`,
      `Pan: ${frames} frames, 2.37 pixels right and 0.117 down in each; ${signs} of 12 signs seen, ${pan.translated} translated. Drift: how far the corners of a line (mean of four) have moved away from the sign since the first frame in which it is ${INSET} pixels within the picture`,
      `Detector alone: each frame by itself, without following; its jitter and changes over ${span.baselineSeconds} s`,
      `Changes a minute: goal 0, ${verdict(rest.changes === 0)}; jitter of sprites: goal under ${MOST_JITTER} px, ${verdict(rest.jitter < MOST_JITTER)}; drift of sprites: goal under ${MOST_DRIFT} px in every frame, ${verdict(pan.drift < MOST_DRIFT)}`,
    ],
  };
}

async function staticFigures(street: Street, settings: TextSettings, span: SteadinessSpan) {
  const shot = staticShot(street, span.staticSeconds, GRAIN);
  const short = staticShot(street, span.baselineSeconds, GRAIN);
  const watched = await watchShot(street, shot, settings);
  const alone = await lookAtEachFrame(street, short, settings, true);
  const row = (name: string, of: StreetShot, lines: readonly (readonly SeenLine[])[]) => {
    const signs = sightings(street, of, lines);
    const jitters = signs.filter(isSeen).map(jitterOf);
    const perMinute = (changesOf(signs) * 60 * FRAME_RATE) / of.frames;
    const usual = Math.sqrt(jitters.reduce((sum, { rms }) => sum + rms ** 2, 0) / jitters.length);
    const worst = Math.max(...jitters.map(({ rms }) => rms));
    const most = Math.max(...jitters.map((jitter) => jitter.most));
    const seen = `${jitters.length} of ${signs.length}`;
    return {
      perMinute,
      worst,
      signs: signs.length,
      cells: [name, seen, perMinute.toFixed(1), ...[usual, worst, most].map(inPixels)],
    };
  };
  const sprites = row('painted', shot, watched.sprites);
  const lines = row('as data', shot, watched.lines);
  const detector = row('detector and reader alone', short, alone);
  const heads = ['static shot', 'signs seen', 'changes a minute', 'jitter', 'of the worst sign', 'farthest'];
  return {
    markdown: markdownTable(heads, [sprites.cells, lines.cells, detector.cells]),
    changes: sprites.perMinute,
    jitter: sprites.worst,
    signs: sprites.signs,
  };
}

async function panFigures(street: Street, settings: TextSettings) {
  const shot = panShot(GRAIN);
  const watched = await watchShot(street, shot, settings);
  const alone = await lookAtEachFrame(street, shot, settings, false);
  const row = (name: string, lines: readonly (readonly SeenLine[])[]) => {
    const signs = sightings(street, shot, lines);
    const drifts = sightings(street, shot, lines, INSET).flatMap(driftsOf);
    const figures = [percentile(drifts, 0.5), percentile(drifts, 0.95), Math.max(...drifts)];
    return {
      signs,
      drift: Math.max(...drifts),
      cells: [name, `${signs.filter(isSeen).length} of ${signs.length}`, ...figures.map(inPixels)],
    };
  };
  const sprites = row('painted', watched.sprites);
  const lines = row('as data', watched.lines);
  const detector = row('detector alone', alone);
  const known = new Map(street.signs.map(({ text, translation }) => [text, translation]));
  return {
    markdown: markdownTable(
      ['pan', 'signs seen', 'drift, median', '95th percentile', 'most'],
      [sprites.cells, lines.cells, detector.cells],
    ),
    drift: sprites.drift,
    signs: sprites.signs.filter(isSeen).length,
    translated: sprites.signs.filter(({ text, frames }) => frames.at(-1)?.says === known.get(text)).length,
    frames: shot.frames,
  };
}

function isSeen({ frames }: SignSightings): boolean {
  return frames.some(({ line }) => line !== undefined);
}

function inPixels(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)} px` : '–';
}
