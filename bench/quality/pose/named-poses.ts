import type { TrackedPose } from '../../../operators/pose/pose-meta.js';
import { boxArea } from '../../../operators/pose/track/pose-similarity.js';
import { isWithin, type NamedPerson } from './film-labels.js';
import type { PeopleInFrame } from './film-people.js';

/** Who of those named is whom of those found, in one frame. */
export interface NamedFrame {
  readonly seconds: number;
  /** For everybody who is in view: who they are taken to be, if anybody. */
  readonly named: ReadonlyMap<NamedPerson, TrackedPose | undefined>;
  /** Found, but nobody named. */
  readonly others: readonly TrackedPose[];
}

/**
 * Finds the named people among those found: who had the same id as before, or else the largest, of those whose box has its middle in their region. As with
 * CLEAR MOT, whoever is still there under their id remains it, and another id is a switch only if that one is gone.
 */
export function nameThem(frames: readonly PeopleInFrame[], people: readonly NamedPerson[]): readonly NamedFrame[] {
  const lastId = new Map<NamedPerson, number>();
  return frames.map(({ seconds, poses }) => {
    const left = new Set(poses);
    const named = new Map<NamedPerson, TrackedPose | undefined>();
    for (const person of people.filter((one) => isWithin(one, seconds))) {
      const inRegion = [...left].filter((pose) => isMiddleIn(pose, person));
      const largest = inRegion.sort((a, b) => boxArea(b.box) - boxArea(a.box))[0];
      const pose = inRegion.find(({ id }) => id === lastId.get(person)) ?? largest;
      named.set(person, pose);
      if (pose === undefined) continue;
      left.delete(pose);
      lastId.set(person, pose.id);
    }
    return { seconds, named, others: [...left] };
  });
}

function isMiddleIn({ box: [x1, y1, x2, y2] }: TrackedPose, { region }: NamedPerson): boolean {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return x >= region[0] && x < region[2] && y >= region[1] && y < region[3];
}
