import type { Microseconds } from '../../../pipeline/index.js';
import type { PoseMeta, TrackedPose } from '../pose-meta.js';
import type { FramePainter } from './frame-painter.js';
import { identityColor, limbRadius, opacityOf } from './look.js';
import { Capsule } from './shape.js';

/** Nose, wrists and ankles: what moves most. */
const TRAILED = [0, 9, 10, 15, 16] as const;
/** A person who was not there for longer starts a new trail. */
const LONGEST_GAP_US = 500_000;

interface Mark {
  readonly ptsUs: Microseconds;
  readonly pose: TrackedPose;
}

/** Where people's hands, feet and heads have been. It remembers as many frames as fit in its time, of people who are in view. */
export class Trails {
  readonly #lengthUs: number;
  readonly #marks = new Map<number, Mark[]>();
  #newestUs = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly lengthMs: number }) {
    this.#lengthUs = options.lengthMs * 1000;
  }

  /** Remembers the poses of a frame. Time that runs backwards (a film that starts again) ends all trails. */
  remember(ptsUs: Microseconds, { poses }: PoseMeta): void {
    if (ptsUs < this.#newestUs) this.#marks.clear();
    this.#newestUs = ptsUs;
    for (const pose of poses) this.#extend(ptsUs, pose);
    for (const [id, marks] of this.#marks) {
      if (ptsUs - (marks.at(-1)?.ptsUs ?? 0) > LONGEST_GAP_US) this.#marks.delete(id);
    }
  }

  #extend(ptsUs: Microseconds, pose: TrackedPose): void {
    const kept = (this.#marks.get(pose.id) ?? []).filter((mark) => ptsUs - mark.ptsUs <= this.#lengthUs);
    const connected = ptsUs - (kept.at(-1)?.ptsUs ?? ptsUs) <= LONGEST_GAP_US;
    this.#marks.set(pose.id, [...(connected ? kept : []), { ptsUs, pose }]);
  }

  /** Paints the trails of a person, thinner and fainter the older they are. */
  draw(
    painter: FramePainter,
    pose: TrackedPose,
    look: { readonly lineWidth: number; readonly minScore: number },
  ): void {
    const marks = this.#marks.get(pose.id) ?? [];
    const radius = limbRadius(painter.frame.height, pose, look.lineWidth);
    for (const [i, mark] of marks.entries()) {
      const before = marks[i - 1];
      if (before === undefined) continue;
      const age = (this.#newestUs - mark.ptsUs) / this.#lengthUs;
      const youth = Math.max(0, 1 - age);
      for (const point of TRAILED) {
        const [a, b] = [before.pose.keypoints[point], mark.pose.keypoints[point]];
        if (a === undefined || b === undefined) continue;
        const opacity = 0.9 * youth * opacityOf(Math.min(a[2], b[2]), look.minScore);
        painter.add(new Capsule(a[0], a[1], b[0], b[1], radius * (0.25 + 0.75 * youth)), opacity);
      }
    }
    painter.paint(identityColor(pose.id));
  }
}
