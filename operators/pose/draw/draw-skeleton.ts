import type { Keypoint, TrackedPose } from '../pose-meta.js';
import type { FramePainter, Rgb } from './frame-painter.js';
import { BRIGHT, bonesBySide, HEAD_POINTS, limbRadius, OUTLINE, opacityOf, type Side, sideColors } from './look.js';
import { Capsule, disc } from './shape.js';

/** How lines are drawn. */
export interface SkeletonLook {
  /** Multiplies the width of lines. */
  readonly lineWidth: number;
  /** Key points less sure than this are not drawn, 0–1. */
  readonly minScore: number;
}

interface Stroke extends SkeletonLook {
  readonly painter: FramePainter;
  readonly points: readonly Keypoint[];
  /** Half the width of a limb, pixels. */
  readonly radius: number;
}

const sides: readonly Side[] = ['middle', 'right', 'left'];
const OUTLINE_OPACITY = 0.55;
/** Widths of lines of the face, and of joints, in those of limbs. */
const FACE = 0.6;
const JOINT = 0.62;

/** Paints a person: an outline, limbs by side, and their joints. Key points fade with their score. */
export function drawSkeleton(painter: FramePainter, pose: TrackedPose, look: SkeletonLook): void {
  const radius = limbRadius(painter.frame.height, pose, look.lineWidth);
  const stroke: Stroke = { ...look, painter, points: pose.keypoints, radius };
  const edge = Math.max(0.7, radius * 0.45);
  for (const side of sides) addBones(stroke, side, edge, OUTLINE_OPACITY);
  painter.paint(OUTLINE);
  for (const side of sides) {
    addBones(stroke, side, 0, 1);
    painter.paint(sideColors[side]);
  }
  drawJoints(stroke, BRIGHT);
}

function addBones({ painter, points, radius, minScore }: Stroke, side: Side, wider: number, opacity: number): void {
  for (const [from, to] of bonesBySide[side]) {
    const [a, b] = [points[from], points[to]];
    if (a === undefined || b === undefined) continue;
    const shown = opacity * opacityOf(Math.min(a[2], b[2]), minScore);
    const width = to < HEAD_POINTS ? FACE * radius : radius;
    painter.add(new Capsule(a[0], a[1], b[0], b[1], width + wider), shown);
  }
}

function drawJoints({ painter, points, radius, minScore }: Stroke, color: Rgb): void {
  for (const [i, [x, y, score]] of points.entries()) {
    const size = JOINT * (i < HEAD_POINTS ? FACE : 1) * radius;
    painter.add(disc(x, y, size), opacityOf(score, minScore));
  }
  painter.paint(color);
}
