import type { Box } from '../../operators/pose/pose-meta.js';
import { boxOverlap } from '../../operators/pose/track/pose-similarity.js';

/** Somebody, or something, with an identity and a place: a `box`, or the four corners of a `quad`. */
interface Identified {
  readonly id: number;
}

/** Boxes that overlap less are not of the same person, when both are of the same picture. */
const SAME = 0.5;

/**
 * Ids of a run that goes on where another ended. Operators begin to count anew; who is in the pictures that both runs have seen keeps the id of the earlier
 * run, and whoever comes later gets the next one that was never given.
 */
export class Identities {
  readonly #before = new Map<number, number>();
  #highest = 0;
  #resumed = false;

  /** The highest id that was given. */
  get highest(): number {
    return this.#highest;
  }

  /** Goes on after a run that gave ids up to this one. */
  resume(highest: number): void {
    this.#resumed = true;
    this.#highest = Math.max(this.#highest, highest);
  }

  /** Compares the same picture as the runs before and now saw it: whose boxes overlap most are the same. */
  compare(before: readonly unknown[], now: readonly unknown[]): void {
    const pairs = now
      .filter(isKnown)
      .flatMap((one) =>
        before
          .filter(isKnown)
          .map((old) => ({ one, old, overlap: boxOverlap(placeOf(old) as Box, placeOf(one) as Box) })),
      )
      .filter(({ overlap }) => overlap >= SAME)
      .sort((a, b) => b.overlap - a.overlap);
    const [ones, olds] = [new Set<number>(), new Set<number>()];
    for (const { one, old } of pairs) {
      if (ones.has(one.id) || olds.has(old.id)) continue;
      ones.add(one.id);
      olds.add(old.id);
      for (const [other, id] of this.#before) if (id === old.id) this.#before.delete(other);
      this.#before.set(one.id, old.id);
    }
  }

  /** The same list with ids that go on. */
  rename(now: readonly unknown[]): readonly unknown[] {
    return now.map((item) => {
      if (!isKnown(item)) return item;
      const id = this.#resumed ? this.#idOf(item.id) : item.id;
      this.#highest = Math.max(this.#highest, id);
      return id === item.id ? item : { ...item, id };
    });
  }

  /** A result that tells of somebody by their id alone (`{ id: 3, kind: 'fall' }`, at any depth), with ids that go on. */
  renameMentions(result: unknown): unknown {
    if (!this.#resumed || typeof result !== 'object' || result === null) return result;
    if (Array.isArray(result)) return result.map((item) => this.renameMentions(item));
    if (isKnown(result)) return result;
    const entries = Object.entries(result).map(([key, value]) => {
      const isId = key === 'id' && Number.isInteger(value);
      return [key, isId ? this.#idOf(value as number) : this.renameMentions(value)];
    });
    return Object.fromEntries(entries);
  }

  #idOf(id: number): number {
    const known = this.#before.get(id) ?? this.#highest + 1;
    this.#before.set(id, known);
    return known;
  }
}

/** True for a list of things that have an identity. */
export function hasIdentities(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.some(isKnown);
}

function isKnown(item: unknown): item is Identified {
  return Number.isInteger((item as Partial<Identified> | null)?.id) && placeOf(item) !== undefined;
}

/** Its box, or the one around its corners; nothing where it has no place. */
function placeOf(item: unknown): Box | undefined {
  const { box, quad } = (item ?? {}) as { box?: unknown; quad?: unknown };
  if (isNumbers(box, 4)) return box as unknown as Box;
  if (!Array.isArray(quad) || quad.length !== 4 || !quad.every((corner) => isNumbers(corner, 2))) return undefined;
  const [xs, ys] = [0, 1].map((axis) => quad.map((corner: readonly number[]) => corner[axis] as number)) as [
    number[],
    number[],
  ];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function isNumbers(value: unknown, length: number): value is readonly number[] {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite);
}
