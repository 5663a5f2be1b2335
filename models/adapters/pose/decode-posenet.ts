import { clamp, type Field } from './field.js';
import { type TreeStep, treeEdges, treeSteps } from './skeleton-tree.js';

/** A key point on the grid of the network: cells, and a raw score. */
export interface GridPoint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/** A local maximum of the heat map of one kind of key point. */
export interface Peak {
  readonly keypoint: number;
  readonly column: number;
  readonly row: number;
  readonly score: number;
}

/** What the network gives. */
export interface PoseNetFields {
  /** Channels: key points. */
  readonly heat: Field;
  /** Channels: y of each key point, then x; pixels. */
  readonly shortOffsets: Field;
  /** Channels as {@link treeSteps} has them; pixels. */
  readonly midOffsets: Field;
  /** Input pixels per cell. */
  readonly stride: number;
}

/** Options of {@link decodePoseNet}. */
export interface PoseNetOptions {
  readonly maxPeople: number;
  /** Mean probability of the key points below which a person is dropped. */
  readonly score: number;
  /** Input pixels within which the same key point of two people counts as one. */
  readonly radius: number;
  /** Raw score → probability. */
  readonly probability: (score: number) => number;
}

/** A person on the grid. */
export interface GridPerson {
  /** Mean probability of key points that no better person claims. */
  readonly score: number;
  /** By kind; scores are probabilities. */
  readonly points: readonly GridPoint[];
}

/** How often a position is corrected by the short-range offsets. */
const REFINEMENTS = 5;

/**
 * Makes people of what PoseNet sees. Each peak, best first, that no person claims yet, starts a person: from it the displacements lead along the
 * tree of the skeleton to the other key points, the surest first, and short-range offsets correct where they arrive.
 *
 * @param peaks Best first.
 * @returns Best first; at most `maxPeople`.
 * @see Papandreou et al. 2018, "PersonLab", sections 3.1 and 3.2
 */
export function decodePoseNet(peaks: readonly Peak[], fields: PoseNetFields, options: PoseNetOptions): GridPerson[] {
  const radius = options.radius / fields.stride;
  const people: GridPerson[] = [];
  for (const peak of peaks) {
    if (people.length >= options.maxPeople) break;
    const start = refine(fields, peak.column, peak.row, peak.keypoint);
    if (people.some(({ points }) => isNear(points[peak.keypoint], start, radius))) continue;
    const points = growPerson(fields, peak.keypoint, start).map((point) => ({
      ...point,
      score: options.probability(point.score),
    }));
    const person = { score: mean(points.map(({ score }) => score)), points };
    if (person.score >= options.score) people.push(person);
  }
  return rescored(people, radius)
    .filter(({ score }) => score >= options.score)
    .sort((a, b) => b.score - a.score);
}

/** From one key point to all, the surest next. */
function growPerson(fields: PoseNetFields, start: number, { x, y }: { x: number; y: number }): GridPoint[] {
  const found: GridPoint[] = [];
  const open: (GridPoint & { readonly keypoint: number })[] = [
    { keypoint: start, x, y, score: fields.heat.at(x, y, start) },
  ];
  for (;;) {
    const next = takeBest(open);
    if (next === undefined) return found;
    const { keypoint, ...point } = next;
    if (found[keypoint] !== undefined) continue;
    found[keypoint] = point;
    for (const step of treeSteps[keypoint] ?? []) {
      if (found[step.to] === undefined) open.push({ keypoint: step.to, ...follow(fields, point, step) });
    }
  }
}

function takeBest<T extends { readonly score: number }>(open: T[]): T | undefined {
  if (open.length === 0) return undefined;
  const best = open.reduce((at, { score }, i) => (score > (open[at]?.score ?? -Infinity) ? i : at), 0);
  return open.splice(best, 1)[0];
}

function follow(fields: PoseNetFields, from: GridPoint, { to, channel }: TreeStep): GridPoint {
  const { midOffsets, stride, heat } = fields;
  let y = clamp(from.y + midOffsets.at(from.x, from.y, channel) / stride, heat.height - 1);
  let x = clamp(from.x + midOffsets.at(from.x, from.y, channel + treeEdges.length) / stride, heat.width - 1);
  for (let i = 0; i < REFINEMENTS; i++) ({ x, y } = refine(fields, x, y, to));
  return { x, y, score: heat.at(x, y, to) };
}

/** Where the short-range offset leads. */
function refine({ shortOffsets, stride, heat }: PoseNetFields, x: number, y: number, keypoint: number) {
  const dy = shortOffsets.at(x, y, keypoint) / stride;
  const dx = shortOffsets.at(x, y, keypoint + treeSteps.length) / stride;
  return { x: clamp(x + dx, heat.width - 1), y: clamp(y + dy, heat.height - 1) };
}

/** Key points that a better person has at the same place do not count for a person's score. */
function rescored(people: readonly GridPerson[], radius: number): GridPerson[] {
  const ranked = [...people].sort((a, b) => b.score - a.score);
  return ranked.map(({ points }, rank) => {
    const own = points.map((point, keypoint) => {
      const taken = ranked.slice(0, rank).some((better) => isNear(better.points[keypoint], point, radius));
      return taken ? 0 : point.score;
    });
    return { score: mean(own), points };
  });
}

function isNear(a: { x: number; y: number } | undefined, b: { x: number; y: number }, radius: number): boolean {
  return a !== undefined && Math.hypot(a.x - b.x, a.y - b.y) <= radius;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
