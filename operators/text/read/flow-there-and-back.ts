import type { CvMat, CvModule } from '../open-cv-types.js';
import type { Point } from '../texts-meta.js';

/** Side of the window around a point, pixels. */
const WINDOW = 15;
const ROUNDS = 20;
const PRECISION = 0.01;
/** Points that come back this far from where they began were lost on the way, pixels. */
const ROUND_TRIP = 0.7;

/** How points are looked for. */
export interface FlowReach {
  /** Side of what is compared around a point, pixels. Default 15. */
  readonly window?: number | undefined;
  /** Levels of the pyramid above the picture itself: points may be half a window from where they are guessed, and twice as far with each level. */
  readonly levels: number;
}

/**
 * Where points of a picture are in another, by optical flow there and back; nothing for those that were lost. All places are in pixels of the matrices, counted from the centre of
 * the first, as OpenCV does.
 *
 * @param guesses Where they probably are.
 * @param reach On the way there; on the way back they are looked for where they were.
 * @see Bouguet 2001, "Pyramidal Implementation of the Affine Lucas Kanade Feature Tracker"; Kalal et al. 2010, "Forward-Backward Error"
 */
export function flowThereAndBack(
  cv: CvModule,
  from: CvMat,
  to: CvMat,
  starts: readonly Point[],
  guesses: readonly Point[],
  { window = WINDOW, levels }: FlowReach,
): readonly (Point | undefined)[] {
  if (starts.length === 0) return [];
  const there = flow(cv, from, to, starts, guesses, { window, levels });
  const back = flow(cv, to, from, there.points, starts, { window, levels: 0 });
  return starts.map(([x, y], i) => {
    const [backX, backY] = back.points[i] as Point;
    const isSound = there.found[i] === 1 && back.found[i] === 1 && Math.hypot(backX - x, backY - y) <= ROUND_TRIP;
    return isSound ? there.points[i] : undefined;
  });
}

function flow(
  cv: CvModule,
  from: CvMat,
  to: CvMat,
  starts: readonly Point[],
  guesses: readonly Point[],
  { window: side, levels }: Required<FlowReach> & { readonly window: number },
) {
  const made: CvMat[] = [];
  const keep = (mat: CvMat): CvMat => {
    made.push(mat);
    return mat;
  };
  try {
    const previous = keep(cv.matFromArray(starts.length, 1, cv.CV_32FC2, starts.flat()));
    const next = keep(cv.matFromArray(starts.length, 1, cv.CV_32FC2, guesses.flat()));
    const [status, error] = [keep(new cv.Mat()), keep(new cv.Mat())];
    const window = new cv.Size(side, side);
    const until = new cv.TermCriteria(cv.TermCriteria_COUNT + cv.TermCriteria_EPS, ROUNDS, PRECISION);
    cv.calcOpticalFlowPyrLK(
      from,
      to,
      previous,
      next,
      status,
      error,
      window,
      levels,
      until,
      cv.OPTFLOW_USE_INITIAL_FLOW,
    );
    const places = next.data32F;
    const points = starts.map((_, i): Point => [places[2 * i] ?? 0, places[2 * i + 1] ?? 0]);
    return { points, found: Uint8Array.from(status.data) };
  } finally {
    for (const mat of made) mat.delete();
  }
}
