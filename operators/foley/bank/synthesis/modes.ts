import type { Random } from '../random.js';

/** One way in which a thing vibrates. */
export interface Mode {
  /** Its frequency over that of the lowest mode. */
  readonly ratio: number;
  /** How strongly a strike at a place excites it, −1 to 1. `along` and `across` are 0–1 from edge to edge. */
  weight(along: number, across: number): number;
}

/** Shapes whose modes have known frequencies. */
export type Shape = 'bar' | 'plate' | 'panel' | 'bowl' | 'membrane';

const nodal = (n: number, at: number): number => Math.cos(n * Math.PI * at);

/**
 * A bar with free ends (xylophone, plank): Euler–Bernoulli frequencies (3.0112², 5², 7², …), Fletcher & Rossing, *The Physics of Musical Instruments*, 2.15.
 * The weight is that of the antinodes at its ends.
 */
const bar: readonly Mode[] = [3.0112, 5, 7, 9, 11, 13, 15, 17].map((root, i) => ({
  ratio: (root / 3.0112) ** 2,
  weight: (along) => nodal(i + 2, along),
}));

/**
 * A round plate with free edge (lids, cymbals, saucers): nodal diameters and circles, Fletcher & Rossing, table 3.1 (Leissa 1969). Modes with diameters are
 * pairs, a little apart in real plates: the shimmer of metal.
 */
const freePlate: readonly (readonly [diameters: number, circles: number, ratio: number])[] = [
  [2, 0, 1],
  [0, 1, 1.73],
  [3, 0, 2.328],
  [1, 1, 3.91],
  [4, 0, 4.11],
  [5, 0, 6.3],
  [2, 1, 6.71],
  [0, 2, 7.34],
  [3, 1, 10.07],
  [1, 2, 11.4],
  [4, 1, 13.92],
  [2, 2, 15.97],
  [0, 3, 16.9],
  [1, 3, 22.5],
  [3, 2, 21.2],
  [2, 3, 28.7],
];
const plate: readonly Mode[] = freePlate.flatMap(([diameters, circles, ratio]) => {
  const outward = (along: number): number => (circles === 0 ? along ** 1.5 : nodal(circles, along));
  const even: Mode = { ratio, weight: (along, across) => nodal(diameters, across) * outward(along) };
  if (diameters === 0) return [even];
  const odd = (along: number, across: number): number => Math.sin(diameters * Math.PI * across) * outward(along);
  return [even, { ratio: ratio * 1.0025, weight: odd }];
});

/** A rectangle held at its edges (panes, doors, table tops, sheets): f ∝ (m/a)² + (n/b)², here with a : b = 1.5. */
const panel: readonly Mode[] = [1, 2, 3, 4, 5, 6]
  .flatMap((m) => [1, 2, 3, 4].map((n) => ({ m, n, f: (m / 1.5) ** 2 + n ** 2 })))
  .sort((a, b) => a.f - b.f)
  .slice(0, 20)
  .map(({ m, n, f }) => ({
    ratio: f / ((1 / 1.5) ** 2 + 1),
    weight: (along, across) => Math.sin(m * Math.PI * along) * Math.sin(n * Math.PI * across),
  }));

/**
 * Cups, glasses, bowls: n waves around the rim, 1 : 2.3 : 4.2 : 6.6 : 9.4 as of wine glasses (A. P. French, *In vino veritas*, Am. J. Phys. 51, 1983). Real
 * ones are not quite round, and each mode is a pair that beats.
 */
const bowl: readonly Mode[] = [1, 2.32, 4.25, 6.63, 9.38, 12.5, 16.1, 20.2].flatMap((ratio, i) => [
  { ratio, weight: (along: number) => nodal(i + 2, along) },
  { ratio: ratio * 1.004, weight: (along: number) => Math.sin((i + 2) * Math.PI * along) },
]);

/** A round skin: zeros of Bessel functions over the first one, Fletcher & Rossing, 3.2. */
const membrane: readonly Mode[] = (
  [
    [0, 1],
    [1, 1.594],
    [2, 2.136],
    [0, 2.296],
    [3, 2.653],
    [1, 2.918],
    [4, 3.156],
    [2, 3.501],
    [0, 3.6],
    [5, 3.652],
    [3, 4.06],
    [1, 4.231],
  ] as const
).map(([diameters, ratio]) => ({
  ratio,
  // Towards the edge modes with nodal diameters take over from the round ones.
  weight: (along, across) =>
    diameters === 0 ? nodal(ratio / 3.6, along) : Math.min(1, 1.5 * along) * nodal(diameters, across),
}));

const shapes: Readonly<Record<Shape, readonly Mode[]>> = { bar, plate, panel, bowl, membrane };

/** The modes of a shape, from the lowest. */
export function modesOf(shape: Shape): readonly Mode[] {
  return shapes[shape];
}

/** How much the modes of real things stray from the ideal ones, as a ratio around 1. */
export function detuning(object: Random, amount: number): number {
  return 1 + amount * object.normal();
}
