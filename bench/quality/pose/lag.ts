import { median } from '../../statistics.js';
import { isWithin, type Stretch } from './film-labels.js';
import { JUDGED_SCORE } from './jitter.js';
import type { NamedFrame } from './named-poses.js';

/** Wrists and ankles among `coco17`: what swings. */
const SWINGING = [9, 10, 15, 16];
/** Lags that are tried, milliseconds, in steps of a frame. */
const [LEAST_MS, MOST_MS] = [-200, 600];
/** Shorter series tell nothing. */
const LEAST_FRAMES = 8;

/** A coordinate over time, as found and as smoothed. */
interface Series {
  readonly seconds: readonly number[];
  readonly found: readonly number[];
  readonly smoothed: readonly number[];
}

/**
 * How far behind what was found the smoothed wrists and ankles are, milliseconds: the shift at which the two are most alike, by the correlation of all their
 * coordinates together, between frames by a parabola. `undefined` where nothing moves. Both are the same frames of the same tracker.
 */
export function lagMs(
  found: readonly NamedFrame[],
  smoothed: readonly NamedFrame[],
  moving: readonly Stretch[],
): number | undefined {
  const series = moving.flatMap((stretch) => seriesOf(found, smoothed, stretch));
  if (series.length === 0) return undefined;
  const stepMs =
    1000 * median(series.flatMap(({ seconds }) => seconds.slice(1).map((time, i) => time - (seconds[i] ?? 0))));
  const lags = Array.from(
    { length: Math.floor((MOST_MS - LEAST_MS) / stepMs) },
    (_, i) => i + Math.ceil(LEAST_MS / stepMs),
  );
  const likeness = lags.map((lag) => correlation(series, (lag * stepMs) / 1000));
  const best = likeness.indexOf(Math.max(...likeness));
  return ((lags[best] ?? 0) + topOfParabola(likeness.slice(best - 1, best + 2))) * stepMs;
}

/** Where, −0.5 to 0.5, the parabola through three values around the middle one is highest. */
function topOfParabola([before = 0, here = 0, after = 0]: readonly number[]): number {
  const bend = before - 2 * here + after;
  return bend === 0 ? 0 : (before - after) / bend / 2;
}

function seriesOf(found: readonly NamedFrame[], smoothed: readonly NamedFrame[], stretch: Stretch): Series[] {
  const times = found.flatMap(({ seconds }, i) => (isWithin(stretch, seconds) ? [i] : []));
  const people = new Set(times.flatMap((i) => [...(found[i]?.named.keys() ?? [])]));
  return [...people].flatMap((person) =>
    SWINGING.flatMap((k) => {
      const pairs = times.flatMap((i) => {
        const [a, b] = [found[i]?.named.get(person)?.keypoints[k], smoothed[i]?.named.get(person)?.keypoints[k]];
        if (a === undefined || b === undefined || Math.min(a[2], b[2]) < JUDGED_SCORE) return [];
        return [{ seconds: found[i]?.seconds ?? 0, a, b }];
      });
      if (pairs.length < LEAST_FRAMES) return [];
      return [0, 1].map((axis) => ({
        seconds: pairs.map(({ seconds }) => seconds),
        found: pairs.map(({ a }) => a[axis as 0 | 1]),
        smoothed: pairs.map(({ b }) => b[axis as 0 | 1]),
      }));
    }),
  );
}

/** Of what was found at a time with what was smoothed `lag` seconds later, −1 to 1. */
function correlation(series: readonly Series[], lag: number): number {
  let [products, foundSquares, smoothedSquares] = [0, 0, 0];
  for (const { seconds, found, smoothed } of series) {
    const pairs = seconds.flatMap((time, i) => {
      const later = valueAt(seconds, smoothed, time + lag);
      return later === undefined ? [] : [[found[i] ?? 0, later] as const];
    });
    const [meanFound, meanSmoothed] = [mean(pairs.map(([a]) => a)), mean(pairs.map(([, b]) => b))];
    for (const [a, b] of pairs) {
      products += (a - meanFound) * (b - meanSmoothed);
      foundSquares += (a - meanFound) ** 2;
      smoothedSquares += (b - meanSmoothed) ** 2;
    }
  }
  return products / Math.sqrt(foundSquares * smoothedSquares);
}

/** Between two frames on the straight line; `undefined` before the first and after the last. */
function valueAt(seconds: readonly number[], values: readonly number[], at: number): number | undefined {
  const next = seconds.findIndex((time) => time >= at - 1e-9);
  if (next < 0) return undefined;
  const [after, before] = [seconds[next] ?? 0, seconds[next - 1]];
  if (Math.abs(after - at) < 1e-9) return values[next];
  if (before === undefined) return undefined;
  const part = (at - before) / (after - before);
  return (values[next - 1] ?? 0) * (1 - part) + (values[next] ?? 0) * part;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
