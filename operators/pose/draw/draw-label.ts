import type { TrackedPose } from '../pose-meta.js';
import { shownPoses } from '../shown-poses.js';
import { DIGIT_CELLS, DigitShape } from './digit-shape.js';
import type { FramePainter } from './frame-painter.js';
import { HEAD_POINTS, identityColor, OUTLINE } from './look.js';
import { Capsule, type Shape } from './shape.js';
import { turnedShape } from './turned-shape.js';

/** Rows of the picture for one cell of a digit: digits are a 38th of its height. */
const HEIGHT_PER_CELL = 270;
const LEAST_CELL = 1.15;
/** Cells between digits, and around them. */
const GAP = 1;
const MARGIN = 2.5;
/** Labels that would take more of a side of the picture than this are left out: nobody could see what they name. */
const MOST_OF_PICTURE = 0.3;

/** How far the crown lies above the eyes, for each unit from the eyes down to the shoulders. */
const EYES_TO_CROWN = 0.55;

/** Writes the person's number above their head, as viewers see the picture, in a pill of the number's colour, wholly inside the picture. */
export function drawLabel(painter: FramePainter, stored: TrackedPose, minScore: number): void {
  const { frame } = painter;
  const {
    poses: [pose = stored],
    width,
    height,
  } = shownPoses([stored], frame, frame.rotation);
  const add = (shape: Shape, opacity: number): void => painter.add(turnedShape(shape, frame, frame.rotation), opacity);
  const cell = Math.max(LEAST_CELL, height / HEIGHT_PER_CELL);
  const digits = [...String(Math.trunc(Math.abs(pose.id)))].map(Number);
  const textWidth = (digits.length * (DIGIT_CELLS.width + GAP) - GAP) * cell;
  const radius = (DIGIT_CELLS.height / 2 + MARGIN / 2) * cell;
  const halfWidth = Math.max(radius, textWidth / 2 + MARGIN * cell);
  if (2 * halfWidth > MOST_OF_PICTURE * width || 2 * radius > MOST_OF_PICTURE * height) return;
  const [anchorX, anchorY] = aboveHead(pose, minScore);
  const x = clamp(anchorX, halfWidth + 1, width - halfWidth - 1);
  const y = clamp(anchorY - 1.6 * radius, radius + 1, height - radius - 1);
  const straight = halfWidth - radius;
  add(new Capsule(x - straight, y, x + straight, y, radius), 0.92);
  painter.paint(identityColor(pose.id));
  for (const [i, digit] of digits.entries()) {
    const left = x - textWidth / 2 + i * (DIGIT_CELLS.width + GAP) * cell;
    add(new DigitShape(digit, left, y - (DIGIT_CELLS.height / 2) * cell, cell), 1);
  }
  painter.paint(OUTLINE);
}

/** The middle of the head and the row where it ends; that of the box where no point of the head is seen. */
function aboveHead({ box, keypoints }: TrackedPose, minScore: number): readonly [x: number, y: number] {
  const head = keypoints.slice(0, HEAD_POINTS).filter(([x, y, score]) => score >= minScore && Number.isFinite(x + y));
  if (head.length === 0) return [(box[0] + box[2]) / 2, box[1]];
  const xs = head.map(([x]) => x);
  const highest = Math.min(...head.map(([, y]) => y));
  const shoulders = keypoints
    .slice(HEAD_POINTS, HEAD_POINTS + 2)
    .filter(([, y, score]) => score >= minScore && y > highest);
  // Boxes of networks that find key points first end at the eyes.
  const lowest = Math.max(highest, ...shoulders.map(([, y]) => y));
  const crown = highest - EYES_TO_CROWN * (lowest - highest);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, Math.min(box[1], crown)];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
