import type { CvMat, CvModule } from '../open-cv-types.js';
import type { Point, TextQuad } from '../texts-meta.js';
import { type Affine, type FittedMotion, fitMotion, type MovedPoint, movedPoint } from './affine.js';
import type { LumaPicture } from './luma-picture.js';
import { boundsOf } from './quad-math.js';

/** A line to be found again: points of it in one picture, pixels of the frame, and how it probably moved since. */
export interface FlowLine {
  readonly points: readonly Point[];
  readonly guess: Affine;
}

/** Points a line has at most, and all lines together. */
const POINTS_PER_LINE = 24;
const POINTS_IN_ALL = 800;
const LEAST_PER_LINE = 6;
/** Corners weaker than this share of the strongest are not taken. */
const QUALITY = 0.05;
/** Side of the window around a point, levels of the pyramid; together they bear moves of about 60 pixels beyond what was guessed. */
const WINDOW = 15;
const LEVELS = 3;
const ROUNDS = 20;
const PRECISION = 0.01;
/** Points that come back this far from where they began were lost on the way, pixels. */
const ROUND_TRIP = 0.7;

/**
 * Finds lines again by the optical flow of corners of their letters, there and back.
 *
 * @see Bouguet 2001, "Pyramidal Implementation of the Affine Lucas Kanade Feature Tracker"; Kalal et al. 2010, "Forward-Backward Error"
 */
export class LineFlow {
  readonly #cv: CvModule;

  constructor(cv: CvModule) {
    this.#cv = cv;
  }

  /** Corners inside a line that can be found again, strongest first, pixels of the frame. Few or none on blurred text. @param lines Lines that share the work. */
  pointsOf(picture: LumaPicture, quad: TextQuad, lines: number): readonly Point[] {
    const cv = this.#cv;
    const { mat, scale } = picture;
    const [left, top, right, bottom] = boundsOf(quad).map((value) => value * scale) as [number, number, number, number];
    const [x, y] = [Math.max(0, Math.floor(left) - 1), Math.max(0, Math.floor(top) - 1)];
    const [width, height] = [
      Math.min(mat.cols, Math.ceil(right) + 1) - x,
      Math.min(mat.rows, Math.ceil(bottom) + 1) - y,
    ];
    if (width < 4 || height < 4) return [];
    const most = Math.max(LEAST_PER_LINE, Math.min(POINTS_PER_LINE, Math.floor(POINTS_IN_ALL / Math.max(1, lines))));
    const part = mat.roi(new cv.Rect(x, y, width, height));
    const corners = new cv.Mat();
    try {
      // Twice as many as wanted: of a slanting line's box half may lie outside it.
      cv.goodFeaturesToTrack(part, corners, 2 * most, QUALITY, Math.max(2, height / 8));
      const found: Point[] = [];
      for (let i = 0; i < corners.rows && found.length < most; i++) {
        const [cx = 0, cy = 0] = corners.data32F.subarray(2 * i, 2 * i + 2);
        const point: Point = [(cx + x + 0.5) / scale, (cy + y + 0.5) / scale];
        if (isInside(point, quad)) found.push(point);
      }
      return found;
    } finally {
      corners.delete();
      part.delete();
    }
  }

  /** For each line how it moved from one picture to the other; nothing where that cannot be told. */
  follow(from: LumaPicture, to: LumaPicture, lines: readonly FlowLine[]): readonly (FittedMotion | undefined)[] {
    const starts = lines.flatMap(({ points }) => points);
    if (starts.length === 0) return lines.map(() => undefined);
    const guesses = lines.flatMap(({ points, guess }) => points.map((point) => movedPoint(guess, point)));
    const there = this.#flow(from, to, starts, guesses);
    const back = this.#flow(to, from, there.points, starts);
    let at = 0;
    return lines.map(({ points }) => {
      const moved = points.flatMap((point): MovedPoint[] => {
        const i = at++;
        const returned = back.points[i] as Point;
        const isSound = there.found[i] === 1 && back.found[i] === 1;
        const off = Math.hypot(returned[0] - point[0], returned[1] - point[1]) * from.scale;
        return isSound && off <= ROUND_TRIP ? [{ from: point, to: there.points[i] as Point }] : [];
      });
      const fitted = moved.length * 3 < points.length ? undefined : fitMotion(moved);
      return fitted && { ...fitted, agreement: (fitted.agreement * moved.length) / points.length };
    });
  }

  #flow(from: LumaPicture, to: LumaPicture, starts: readonly Point[], guesses: readonly Point[]) {
    const cv = this.#cv;
    const made: CvMat[] = [];
    const keep = (mat: CvMat): CvMat => {
      made.push(mat);
      return mat;
    };
    try {
      const previous = keep(cv.matFromArray(starts.length, 1, cv.CV_32FC2, inPicture(starts, from.scale)));
      const next = keep(cv.matFromArray(starts.length, 1, cv.CV_32FC2, inPicture(guesses, to.scale)));
      const [status, error] = [keep(new cv.Mat()), keep(new cv.Mat())];
      const window = new cv.Size(WINDOW, WINDOW);
      const until = new cv.TermCriteria(cv.TermCriteria_COUNT + cv.TermCriteria_EPS, ROUNDS, PRECISION);
      cv.calcOpticalFlowPyrLK(
        from.mat,
        to.mat,
        previous,
        next,
        status,
        error,
        window,
        LEVELS,
        until,
        cv.OPTFLOW_USE_INITIAL_FLOW,
      );
      const places = next.data32F;
      const points = starts.map((_, i): Point => {
        const [x = 0, y = 0] = places.subarray(2 * i, 2 * i + 2);
        return [(x + 0.5) / to.scale, (y + 0.5) / to.scale];
      });
      return { points, found: Uint8Array.from(status.data) };
    } finally {
      for (const mat of made) mat.delete();
    }
  }
}

/** OpenCV counts from the centre of the first pixel. */
function inPicture(points: readonly Point[], scale: number): number[] {
  return points.flatMap(([x, y]) => [x * scale - 0.5, y * scale - 0.5]);
}

function isInside([x, y]: Point, quad: TextQuad): boolean {
  return quad.every(([ax, ay], i) => {
    const [bx, by] = quad[(i + 1) % 4] as Point;
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0;
  });
}
