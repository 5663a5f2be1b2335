import type { CvModule } from '../open-cv-types.js';
import { chained, mapped, type PlaneMap, scaledBy } from '../plane-map.js';
import { type Bounds, boundsOf, lineHeight, mapQuad, mostChange } from '../quad-math.js';
import type { Point, TextQuad } from '../texts-meta.js';
import type { MovedPoint } from './affine.js';
import { type FittedMotion, fitMotion } from './fit-motion.js';
import { flowParts } from './flow-parts.js';
import { flowThereAndBack } from './flow-there-and-back.js';
import type { LumaPicture } from './luma-picture.js';

/** A line to be found again: where it is in one picture and points of it there, pixels of the frame, and how it probably moved since. */
export interface FlowLine {
  readonly quad: TextQuad;
  readonly points: readonly Point[];
  readonly guess: PlaneMap;
}

/** Points a line has at most, and all lines together. */
const POINTS_PER_LINE = 24;
const POINTS_IN_ALL = 800;
const LEAST_PER_LINE = 6;
/** Corners weaker than this share of the strongest are not taken. */
const QUALITY = 0.05;
/** Share of its length by which an edge of a line changes before its letters look too different for the flow. */
const DISTORTED = 0.08;
/** How far lines that are distorted may be from where they are guessed, pixels of the picture. */
const AROUND = 40;
/** Pictures smaller than this have no room for windows, pixels. */
const LEAST_SIDE = 24;
/** Lines lower than this get smaller windows, which do not see all of their height at once, pixels. */
const LOW = 22;
const LOW_WINDOW = 11;

/** Points of lines in another picture; nothing for those that were lost. */
type FoundPlaces = ReadonlyMap<FlowLine, readonly (Point | undefined)[]>;

/** How far points are looked for: levels of the pyramid, and what of the picture is needed around them for that, pixels. */
type Reach = Readonly<Record<'levels' | 'room', number>>;

/** Half a window and twice that: enough from frame to frame, and a third of the work. */
const NEAR: Reach = { levels: 1, room: 16 };
/** About 60 pixels. */
const FAR: Reach = { levels: 3, room: 64 };

/** Finds lines again by the optical flow of corners of their letters. */
export class LineFlow {
  readonly #cv: CvModule;

  constructor(cv: CvModule) {
    this.#cv = cv;
  }

  /** Corners inside a line that can be found again, strongest first, pixels of the frame. Few or none on blurred text. @param lines Lines that share the work. */
  pointsOf(picture: LumaPicture, quad: TextQuad, lines: number): readonly Point[] {
    const cv = this.#cv;
    const [x, y, width, height] = partAround(picture, mapThrough(intoPicture(picture), quad), 1);
    if (width < 4 || height < 4) return [];
    const most = Math.max(LEAST_PER_LINE, Math.min(POINTS_PER_LINE, Math.floor(POINTS_IN_ALL / Math.max(1, lines))));
    const part = picture.mat.roi(new cv.Rect(x, y, width, height));
    const corners = new cv.Mat();
    try {
      // Twice as many as wanted: of a slanting line's box half may lie outside it.
      cv.goodFeaturesToTrack(part, corners, 2 * most, QUALITY, Math.max(2, height / 8));
      const outOf = outOfPicture(picture);
      const found: Point[] = [];
      for (let i = 0; i < corners.rows && found.length < most; i++) {
        const [cx = 0, cy = 0] = corners.data32F.subarray(2 * i, 2 * i + 2);
        const point = mapped(outOf, [cx + x, cy + y]);
        if (isInside(point, quad)) found.push(point);
      }
      return found;
    } finally {
      corners.delete();
      part.delete();
    }
  }

  /**
   * For each line how it moved from one picture to the other; nothing where that cannot be told. A line that is larger by now, turned or seen from another side is looked for as it
   * would look where it is guessed.
   */
  follow(from: LumaPicture, to: LumaPicture, lines: readonly FlowLine[]): readonly (FittedMotion | undefined)[] {
    const seen = lines.map((line) => inPictures(line, from, to));
    const plain = seen.filter(({ quad, guess }) => mostChange(quad, mapThrough(guess, quad)) <= DISTORTED);
    const found = this.#placesAsTheyLook(from, to, plain);
    return seen.map((line) => {
      const fitted = fitPlaces(line, found.get(line) ?? this.#placesAsGuessed(from, to, line));
      return fitted && { ...fitted, motion: chained(outOfPicture(to), chained(fitted.motion, intoPicture(from))) };
    });
  }

  /** Where points of lines are that look much as they did: near where they are guessed, or farther away where too few are found there. */
  #placesAsTheyLook(from: LumaPicture, to: LumaPicture, lines: readonly FlowLine[]): FoundPlaces {
    const found = this.#placesWithin(NEAR, from, to, lines);
    const lost = lines.filter((line) => !isMostlyFound(found.get(line) ?? []));
    return new Map([...found, ...this.#placesWithin(FAR, from, to, lost)]);
  }

  #placesWithin({ room, levels }: Reach, from: LumaPicture, to: LumaPicture, lines: readonly FlowLine[]): FoundPlaces {
    const cv = this.#cv;
    const sets = lines
      .filter(({ points }) => points.length > 0)
      .map((line) => ({ line, guesses: line.points.map((point) => mapped(line.guess, point)) }));
    const boxes = sets.map(({ line, guesses }) => boundsOf([...line.points, ...guesses]));
    const found = new Map<FlowLine, readonly (Point | undefined)[]>(lines.map((line) => [line, []]));
    for (const { bounds, groups } of flowParts(boxes, room, { width: to.mat.cols, height: to.mat.rows })) {
      const [left, top, right, bottom] = bounds;
      if (right - left < LEAST_SIDE || bottom - top < LEAST_SIDE) continue;
      const place = new cv.Rect(left, top, right - left, bottom - top);
      const into = (points: readonly Point[]) => points.map(([x, y]): Point => [x - left, y - top]);
      const members = groups.flatMap((group) => sets[group] ?? []);
      const starts = into(members.flatMap(({ line }) => line.points));
      const expected = into(members.flatMap(({ guesses }) => guesses));
      const [before, after] = [from.mat.roi(place), to.mat.roi(place)];
      try {
        const places = flowThereAndBack(cv, before, after, starts, expected, { levels });
        let at = 0;
        for (const { line } of members) {
          const own = line.points.map(() => shifted(places[at++], left, top));
          found.set(line, own);
        }
      } finally {
        before.delete();
        after.delete();
      }
    }
    return found;
  }

  /** Where points of a line are, of which the flow is shown how it would look where it is guessed. */
  #placesAsGuessed(from: LumaPicture, to: LumaPicture, { quad, points, guess }: FlowLine) {
    const cv = this.#cv;
    const place = mapThrough(guess, quad);
    const [x, y, width, height] = partAround(to, place, AROUND);
    // A quad that is not finite has no size either.
    if (!(width >= LEAST_SIDE && height >= LEAST_SIDE)) return points.map(() => undefined);
    const guessInPart = chained(scaledBy(1, 1, -x, -y), guess);
    const expected = new cv.Mat();
    const map = cv.matFromArray(3, 3, cv.CV_64FC1, guessInPart);
    const part = to.mat.roi(new cv.Rect(x, y, width, height));
    try {
      cv.warpPerspective(from.mat, expected, map, new cv.Size(width, height), cv.INTER_LINEAR, cv.BORDER_REPLICATE);
      const starts = points.map((point) => mapped(guessInPart, point));
      const window = lineHeight(place) < LOW ? LOW_WINDOW : undefined;
      const places = flowThereAndBack(cv, expected, part, starts, starts, { window, levels: FAR.levels });
      return places.map((found) => shifted(found, x, y));
    } finally {
      for (const mat of [expected, map, part]) mat.delete();
    }
  }
}

function isMostlyFound(places: readonly (Point | undefined)[]): boolean {
  return places.filter((place) => place !== undefined).length * 3 >= places.length * 2;
}

function shifted(point: Point | undefined, x: number, y: number): Point | undefined {
  return point && [point[0] + x, point[1] + y];
}

/** @param places Of the points of the line. */
function fitPlaces(
  { quad, points, guess }: FlowLine,
  places: readonly (Point | undefined)[],
): FittedMotion | undefined {
  const moved = points.flatMap((from, i): MovedPoint[] => {
    const to = places[i];
    return to === undefined ? [] : [{ from, to }];
  });
  const fitted = moved.length * 3 < points.length ? undefined : fitMotion(moved, quad, guess);
  return fitted && { ...fitted, agreement: (fitted.agreement * moved.length) / points.length };
}

/** A line in pixels of the pictures, in which flow is as exact whatever the size of the frame. */
function inPictures({ quad, points, guess }: FlowLine, from: LumaPicture, to: LumaPicture): FlowLine {
  const into = intoPicture(from);
  return {
    quad: mapThrough(into, quad),
    points: points.map((point) => mapped(into, point)),
    guess: chained(intoPicture(to), chained(guess, outOfPicture(from))),
  };
}

function mapThrough(map: PlaneMap, quad: TextQuad): TextQuad {
  return mapQuad(quad, (point) => mapped(map, point));
}

/** From pixels of the frame to those of its picture, which OpenCV counts from the centre of the first. */
function intoPicture({ scale }: LumaPicture): PlaneMap {
  return scaledBy(scale, scale, -0.5, -0.5);
}

function outOfPicture({ scale }: LumaPicture): PlaneMap {
  return scaledBy(1 / scale, 1 / scale, 0.5 / scale, 0.5 / scale);
}

/** The part of a picture that holds a quad and some pixels around it: `[left, top, width, height]`. */
function partAround({ mat }: LumaPicture, quad: TextQuad, room: number): Bounds {
  const [left, top, right, bottom] = boundsOf(quad);
  const [x, y] = [Math.max(0, Math.floor(left) - room), Math.max(0, Math.floor(top) - room)];
  return [
    x,
    y,
    Math.min(mat.cols, Math.ceil(right) + room + 1) - x,
    Math.min(mat.rows, Math.ceil(bottom) + room + 1) - y,
  ];
}

function isInside([x, y]: Point, quad: TextQuad): boolean {
  return quad.every(([ax, ay], i) => {
    const [bx, by] = quad[(i + 1) % 4] as Point;
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
  });
}
