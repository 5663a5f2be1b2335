/** A piece of a row of a binary map: columns `from` to `to`, the latter excluded. */
export interface Run {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Puts together runs that touch, corners included, into the connected components of the map (8-neighbourhood).
 *
 * @param runs Row by row from above, in each from the left.
 * @see Rosenfeld & Pfaltz 1966, with runs in place of pixels
 */
export function connectedRuns(runs: readonly Run[]): readonly (readonly Run[])[] {
  const parents = runs.map((_, i) => i);
  let above = 0;
  runs.forEach((run, i) => {
    while ((runs[above] as Run).row < run.row - 1) above++;
    // `above` may pass runs that end before this one begins: those after this one in its row begin further right.
    for (; isEarlier(runs[above] as Run, run); above++);
    for (let j = above; reaches(runs[j] as Run, run); j++) join(parents, i, j);
  });
  const components = new Map<number, Run[]>();
  runs.forEach((run, i) => {
    const root = rootOf(parents, i);
    const component = components.get(root);
    if (component === undefined) components.set(root, [run]);
    else component.push(run);
  });
  return [...components.values()];
}

/** In the row above `run`, and ends before it begins. */
function isEarlier(other: Run, run: Run): boolean {
  return other.row === run.row - 1 && other.to < run.from;
}

/** In the row above `run`, and begins before it ends; corners that touch count. */
function reaches(other: Run, run: Run): boolean {
  return other.row === run.row - 1 && other.from <= run.to;
}

function rootOf(parents: number[], i: number): number {
  let root = i;
  while (parents[root] !== root) root = parents[root] as number;
  for (let at = i; at !== root; ) {
    const next = parents[at] as number;
    parents[at] = root;
    at = next;
  }
  return root;
}

function join(parents: number[], i: number, j: number): void {
  const [a, b] = [rootOf(parents, i), rootOf(parents, j)];
  parents[Math.max(a, b)] = Math.min(a, b);
}
