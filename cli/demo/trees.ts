import { mulberry32 } from '../../pipeline/mulberry32.js';
import type { Canvas } from './canvas.js';
import { clamp, mix } from './noise.js';

export interface TreeOptions {
  /** Column and row of the foot. */
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly seed: number;
  readonly kind?: 'broad' | 'conifer' | 'bush';
  /** 0 near and clear, 1 lost in haze. */
  readonly haze?: number;
}

interface Leaf {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
  readonly value: number;
  readonly radius: number;
}

const HAZE = 0.74;
/** Direction to the sun: left, up, towards the camera. */
const sun = { x: -0.62, y: -0.62, z: 0.48 };

/** A tree with its shadow: thousands of leaves over a trunk, each lit by where in its bough it sits. */
export function paintTree(canvas: Canvas, options: TreeOptions): void {
  const { kind = 'broad', haze = 0 } = options;
  const random = mulberry32(options.seed);
  paintShadow(canvas, options, random);
  if (kind !== 'bush') paintTrunk(canvas, options, random);
  const leaves = kind === 'conifer' ? coniferLeaves(options, random) : broadLeaves(options, random);
  leaves.sort((a, b) => a.depth - b.depth);
  for (const leaf of leaves) canvas.dab(leaf.x, leaf.y, leaf.radius, mix(leaf.value, HAZE, haze), 0.85);
}

function paintShadow(canvas: Canvas, { x, y, height, haze = 0 }: TreeOptions, random: () => number): void {
  const dabs = Math.round(120 + height * 7);
  for (let i = 0; i < dabs; i++) {
    const turn = random() * Math.PI * 2;
    const out = random() ** 0.6 * (0.8 + 0.35 * Math.sin(turn * 5) ** 2);
    const dx = (0.3 + 0.42 * Math.cos(turn) * out) * height;
    const dy = (0.02 + 0.062 * Math.sin(turn) * out) * height + dx * 0.05;
    const size = height * (0.006 + 0.016 * random());
    canvas.dab(x + dx, y + dy, Math.max(0.7, size), mix(0.09, 0.5, haze), 0.13);
  }
  canvas.dab(x, y, height * 0.05, mix(0.08, 0.5, haze), 0.5);
}

function paintTrunk(canvas: Canvas, { x, y, height, kind, haze = 0 }: TreeOptions, random: () => number): void {
  const length = height * (kind === 'conifer' ? 0.9 : 0.5);
  const width = Math.max(0.7, height * 0.032);
  const bend = (random() - 0.5) * height * 0.06;
  const limb = (fromX: number, fromY: number, toX: number, toY: number, thickness: number) => {
    const steps = Math.ceil(Math.hypot(toX - fromX, toY - fromY) / Math.max(0.5, thickness * 0.3));
    for (let i = 0; i <= steps; i++) {
      const t = i / steps;
      const radius = thickness * (1 - 0.62 * t + 0.7 * Math.max(0, 0.12 - t) * (1 / 0.12) * 0.6);
      const [cx, cy] = [mix(fromX, toX, t), mix(fromY, toY, t)];
      canvas.dab(cx, cy, radius, mix(0.09 + 0.05 * random(), HAZE, haze));
      canvas.dab(cx - radius * 0.45, cy, radius * 0.5, mix(0.24 + 0.16 * random(), HAZE, haze), 0.6);
    }
  };
  limb(x, y, x + bend, y - length, width);
  if (kind === 'conifer') return;
  for (let i = 0; i < 7; i++) {
    const t = 0.45 + 0.5 * random();
    const reach = (random() - 0.5) * height * 0.62;
    limb(x + bend * t, y - length * t, x + reach, y - length * t - height * (0.12 + 0.22 * random()), width * 0.42);
  }
}

interface Ball {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
}

/** A crown is a ball of boughs, a bough a ball of twigs, a twig a spray of leaves. */
function broadLeaves({ x, y, height, kind }: TreeOptions, random: () => number): Leaf[] {
  const isBush = kind === 'bush';
  const radius = height * (isBush ? 0.52 : 0.41);
  const crown: Ball = { x, y: y - height * (isBush ? 0.32 : 0.59), z: 0, radius };
  const leafRadius = clamp(height * 0.0055, 0.5, 1.15);
  const leaves: Leaf[] = [];
  const boughs = isBush ? 22 : 52;
  for (let b = 0; b < boughs; b++) {
    const bough = ballIn(crown, 0.84, 0.14 + 0.2 * random(), random);
    if (isBush && bough.y > y) continue;
    const twigs = Math.round((bough.radius / leafRadius) ** 1.35 * 1.7);
    for (let t = 0; t < twigs; t++) {
      const twig = ballIn(bough, 0.95, 0.24, random);
      const shade = litness(crown, bough, twig) * (0.8 + 0.4 * random());
      for (let l = 0; l < 11; l++) leaves.push(leafOn(twig, shade, leafRadius, random));
    }
  }
  return leaves;
}

/** A smaller ball somewhere inside of another one, more likely near its surface. */
function ballIn(outer: Ball, spread: number, size: number, random: () => number): Ball {
  const turn = random() * Math.PI * 2;
  const nz = random() * 2 - 1;
  const flat = Math.sqrt(1 - nz * nz);
  const distance = outer.radius * spread * random() ** 0.42;
  return {
    x: outer.x + Math.cos(turn) * flat * distance * 1.12,
    y: outer.y + Math.sin(turn) * flat * distance * 0.9,
    z: outer.z + nz * distance,
    radius: outer.radius * size,
  };
}

/** How much sun a twig gets: by its side of the bough, and the bough's side of the crown. */
function litness(crown: Ball, bough: Ball, twig: Ball): number {
  const towardsSun = (outer: Ball, inner: Ball) =>
    ((inner.x - outer.x) * sun.x + (inner.y - outer.y) * sun.y + (inner.z - outer.z) * sun.z) / outer.radius;
  return clamp(0.2 + 0.5 * towardsSun(bough, twig) + 0.42 * towardsSun(crown, bough));
}

function leafOn(twig: Ball, shade: number, leafRadius: number, random: () => number): Leaf {
  const scatter = () => (random() + random() + random() - 1.5) * 1.15 * twig.radius;
  return {
    x: twig.x + scatter() * 1.3,
    y: twig.y + scatter(),
    depth: twig.z + scatter(),
    value: 0.09 + 0.56 * shade * (0.55 + 0.75 * random()),
    radius: leafRadius * (0.6 + 0.8 * random()),
  };
}

function coniferLeaves({ x, y, height }: TreeOptions, random: () => number): Leaf[] {
  const leafRadius = clamp(height * 0.011, 0.55, 1.7);
  const count = Math.round((height / leafRadius) ** 2 * 0.42);
  const leaves: Leaf[] = [];
  for (let i = 0; i < count; i++) {
    const down = Math.sqrt(random());
    const tier = down * (7 + height / 18);
    const ragged = 0.62 + 0.5 * random() ** 2;
    const reach = down * height * 0.2 * (0.55 + 0.45 * (tier % 1)) * ragged;
    const turn = random() * Math.PI * 2;
    const side = Math.cos(turn);
    const front = Math.sin(turn);
    const out = 0.5 + 0.5 * random();
    const light = clamp(0.28 + 0.5 * (side * sun.x + front * sun.z) - 0.3 * (tier % 1) + 0.15 * random());
    leaves.push({
      x: x + side * reach * out,
      y: y - height * (0.98 - 0.9 * down) + reach * 0.32 * out,
      depth: front * reach,
      value: 0.07 + 0.52 * light * out + 0.03 * random(),
      radius: leafRadius * (0.7 + 0.7 * random()),
    });
  }
  return leaves;
}
