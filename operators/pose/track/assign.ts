/**
 * Pairs rows with columns so that the sum of their costs is least. The Hungarian method (Kuhn 1955, Munkres 1957), by shortest augmenting
 * paths with potentials (Jonker and Volgenant 1987); rows² × columns steps.
 *
 * @param costs of each row, one for each column; finite, and as many in every row.
 * @returns the column of each row. Where there are fewer columns than rows, some have `undefined`.
 */
export function assign(costs: readonly (readonly number[])[]): readonly (number | undefined)[] {
  const columns = costs[0]?.length ?? 0;
  if (columns < costs.length) return columnsToRows(assign(transposed(costs, columns)), costs.length);
  const state: State = {
    costs,
    rowOf: new Array(columns).fill(undefined),
    rowPotentials: new Array(costs.length).fill(0),
    columnPotentials: new Array(columns).fill(0),
  };
  for (let row = 0; row < costs.length; row++) addRow(state, row);
  return columnsToRows(state.rowOf, costs.length);
}

interface State {
  readonly costs: readonly (readonly number[])[];
  readonly rowOf: (number | undefined)[];
  readonly rowPotentials: number[];
  readonly columnPotentials: number[];
}

/** Where the search of shortest paths stands: distance to each column not reached yet, the column before it on the path, and those reached. */
interface Search {
  readonly distances: number[];
  readonly before: (number | undefined)[];
  readonly reached: number[];
}

/** Finds the cheapest way to give a row a column, moving other rows on where that is cheaper. */
function addRow(state: State, row: number): void {
  const columns = state.rowOf.length;
  const search: Search = {
    distances: new Array(columns).fill(Number.POSITIVE_INFINITY),
    before: new Array(columns).fill(undefined),
    reached: [],
  };
  let last: number | undefined;
  for (let at: number | undefined = row; at !== undefined; at = state.rowOf[last]) {
    relax(state, search, at, last);
    last = step(state, search, row);
  }
  for (let column = last; column !== undefined; ) {
    const previous: number | undefined = search.before[column];
    state.rowOf[column] = previous === undefined ? row : state.rowOf[previous];
    column = previous;
  }
}

/** Shortens the ways to columns by those over a row, which was reached over the column `from`. */
function relax(state: State, { distances, before, reached }: Search, row: number, from: number | undefined): void {
  const done = new Set(reached);
  for (const [column, cost] of (state.costs[row] ?? []).entries()) {
    if (done.has(column)) continue;
    const reduced = cost - at(state.rowPotentials, row) - at(state.columnPotentials, column);
    if (reduced >= at(distances, column)) continue;
    distances[column] = reduced;
    before[column] = from;
  }
}

/** Reaches the nearest column, and moves potentials so that it lies at no distance. */
function step({ rowOf, rowPotentials, columnPotentials }: State, { distances, reached }: Search, row: number): number {
  const done = new Set(reached);
  const open = [...distances.keys()].filter((column) => !done.has(column));
  const nearest = open.reduce((best, column) => (at(distances, column) < at(distances, best) ? column : best));
  const shift = at(distances, nearest);
  rowPotentials[row] = at(rowPotentials, row) + shift;
  for (const column of open) distances[column] = at(distances, column) - shift;
  for (const column of reached) {
    const taken = rowOf[column] as number;
    rowPotentials[taken] = at(rowPotentials, taken) + shift;
    columnPotentials[column] = at(columnPotentials, column) - shift;
  }
  reached.push(nearest);
  return nearest;
}

function transposed(costs: readonly (readonly number[])[], columns: number): number[][] {
  return Array.from({ length: columns }, (_, column) => costs.map((row) => at(row, column)));
}

function columnsToRows(rowOf: readonly (number | undefined)[], rows: number): (number | undefined)[] {
  const columnOf = new Array<number | undefined>(rows).fill(undefined);
  for (const [column, row] of rowOf.entries()) if (row !== undefined) columnOf[row] = column;
  return columnOf;
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
