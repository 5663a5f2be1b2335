import { areaOf, centreOf, distance, sharedArea } from '../../../operators/text/quad-math.js';
import type { Point, TextQuad } from '../../../operators/text/texts-meta.js';
import type { Street } from './street.js';
import { quadInPicture, type StreetShot } from './street-pan.js';

/** A line that was seen in a frame. */
export interface SeenLine {
  /** The same for as long as it is followed. */
  readonly id: number;
  readonly quad: TextQuad;
  /** What is shown there. */
  readonly says: string;
}

/** What was seen of one sign, frame by frame, while it is wholly in the picture. */
export interface SignSightings {
  readonly text: string;
  readonly frames: readonly SignSighting[];
}

/** What was seen of a sign in a frame. */
export interface SignSighting {
  readonly index: number;
  readonly truth: TextQuad;
  /** All that is shown on it, from the left. */
  readonly says: string;
  /** The line that covers most of it. */
  readonly line: SeenLine | undefined;
}

/**
 * Sorts lines by the signs they stand on.
 *
 * @param lines By frame.
 * @param inset How far from the left and the right edge of the picture a sign must be, pixels.
 */
export function sightings(
  street: Pick<Street, 'signs'>,
  shot: StreetShot,
  lines: readonly (readonly SeenLine[])[],
  inset = 2,
): readonly SignSightings[] {
  return street.signs
    .map((sign) => ({
      text: sign.text,
      frames: lines.flatMap((seen, index): readonly SignSighting[] => {
        const truth = quadInPicture(sign, shot.at(index), inset);
        if (truth === undefined) return [];
        const here = seen.filter(({ quad }) => sharedArea(quad, truth) > 0.5 * Math.min(areaOf(quad), areaOf(truth)));
        const ordered = [...here].sort((a, b) => centreOf(a.quad)[0] - centreOf(b.quad)[0]);
        const line = [...here].sort((a, b) => sharedArea(b.quad, truth) - sharedArea(a.quad, truth))[0];
        return [{ index, truth, says: ordered.map(({ says }) => says).join(' '), line }];
      }),
    }))
    .filter(({ frames }) => frames.length > 0);
}

/** How often what is shown on signs changed, or was gone, after it was shown first. */
export function changesOf(signs: readonly SignSightings[]): number {
  let changes = 0;
  for (const { frames } of signs) {
    const first = frames.findIndex(({ says }) => says !== '');
    for (let i = first + 1; first !== -1 && i < frames.length; i++)
      if (frames[i]?.says !== frames[i - 1]?.says) changes++;
  }
  return changes;
}

/** Of each line: usual (root mean square) and largest distance of corners from where they are on average, pixels; the camera must stand still. */
export function jitterOf({ frames }: SignSightings): { readonly rms: number; readonly most: number } {
  let [squares, count, most] = [0, 0, 0];
  for (const quads of byLine(frames).map((line) => line.map(({ quad }) => quad))) {
    for (const corner of [0, 1, 2, 3] as const) {
      const mean = meanPoint(quads.map((quad) => quad[corner]));
      for (const quad of quads) {
        const off = distance(quad[corner], mean);
        squares += off ** 2;
        count++;
        most = Math.max(most, off);
      }
    }
  }
  return { rms: Math.sqrt(squares / count), most };
}

/** Frame by frame: how far the corners of a line have moved away from the sign since the first frame in which both are seen, mean of four, pixels. */
export function driftsOf({ frames }: SignSightings): readonly number[] {
  return byLine(frames).flatMap((line) => {
    const [first] = line;
    if (first === undefined) return [];
    return line.slice(1).map(({ quad, truth }) => {
      const off = ([0, 1, 2, 3] as const).map((i) => {
        const moved = less(quad[i], first.quad[i]);
        return distance(moved, less(truth[i], first.truth[i]));
      });
      return off.reduce((sum, value) => sum + value, 0) / 4;
    });
  });
}

function byLine(
  frames: readonly SignSighting[],
): readonly (readonly { readonly quad: TextQuad; readonly truth: TextQuad }[])[] {
  const lines = new Map<number, { quad: TextQuad; truth: TextQuad }[]>();
  for (const { line, truth } of frames) {
    if (line === undefined) continue;
    const known = lines.get(line.id) ?? [];
    known.push({ quad: line.quad, truth });
    lines.set(line.id, known);
  }
  return [...lines.values()];
}

function meanPoint(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], [u, v]) => [x + u, y + v], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

function less([ax, ay]: Point, [bx, by]: Point): Point {
  return [ax - bx, ay - by];
}
