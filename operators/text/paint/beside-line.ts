import type { Codes } from './code-colors.js';
import { connected, neighbours } from './connected-samples.js';
import { grown } from './mask-shape.js';
import type { PatchSamples } from './patch-samples.js';

/** What differs from the ground by more, codes, is something else. */
const OTHER = 40;
/** Outside the line from here on, and in it down to here, its heights: what comes in from outside is only taken for that near the edge, so that no letter is lost. */
const OUTSIDE = 0.1;
const INSIDE = -0.22;
/** Least size of what counts, squares of the height of the line: a tail of a letter that sticks out is smaller. */
const LEAST_SIZE = 0.5;
/** Samples over which an edge is soft. */
const SOFT = 2;
/** Share of the samples at the edge of the line that must be ground: on a restless one nothing can be told. */
const LEAST_GROUND = 0.5;

/**
 * Where something else begins beside a line of text, and reaches into its box: the wall behind a sign, the frame around it. 1 for each luma sample of that, else 0.
 *
 * @param rowsPerLine Samples for the height of the line.
 */
export function besideLine(samples: PatchSamples, ground: Codes, rowsPerLine: number): Float32Array {
  const { count, width, outside } = samples;
  const beside = new Float32Array(count);
  const isOther = new Uint8Array(count).map((_, at) => (samples.distance(at, ground) > OTHER ? 1 : 0));
  if (groundShare(samples, isOther) < LEAST_GROUND) return beside;
  const seen = new Uint8Array(count);
  for (let start = 0; start < count; start++) {
    if (seen[start] === 1 || isOther[start] === 0 || (outside[start] as number) <= OUTSIDE) continue;
    const found = connected(
      start,
      width,
      count,
      (at) => seen[at] === 0 && isOther[at] === 1 && (outside[at] as number) > OUTSIDE,
      seen,
    );
    if (found.length < LEAST_SIZE * rowsPerLine ** 2) continue;
    for (const at of found) {
      beside[at] = 1;
      // From here into the line, as far as it may be.
      for (const next of neighbours(at, width, count)) {
        if (seen[next] === 1 || isOther[next] === 0 || (outside[next] as number) > OUTSIDE) continue;
        const inner = connected(
          next,
          width,
          count,
          (i) =>
            seen[i] === 0 && isOther[i] === 1 && (outside[i] as number) > INSIDE && (outside[i] as number) <= OUTSIDE,
          seen,
        );
        for (const i of inner) beside[i] = 1;
      }
    }
  }
  // Between two colours lie some samples of neither.
  const soft = grown(beside, width, samples.height, SOFT);
  return soft.map((share, at) => ((outside[at] as number) > INSIDE ? share : 0));
}

function groundShare(samples: PatchSamples, isOther: Uint8Array): number {
  let [all, ground] = [0, 0];
  for (let at = 0; at < samples.count; at++) {
    const outside = samples.outside[at] as number;
    if (outside > 0 || outside < -OUTSIDE) continue;
    all++;
    if (isOther[at] === 0) ground++;
  }
  return all === 0 ? 0 : ground / all;
}
