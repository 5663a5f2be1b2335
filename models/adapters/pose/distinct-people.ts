import { keypointSimilarity } from './keypoint-spread.js';
import type { Keypoint, PersonPose } from './pose-estimator.js';

/** Two people as alike as this are one, whom the detector has put into two boxes. */
const SAME_PERSON = 0.75;

/** The people without those who stand as a better one does, in the same place. Best first. */
export function distinctPeople(people: readonly PersonPose[]): readonly PersonPose[] {
  const kept: PersonPose[] = [];
  for (const person of [...people].sort((a, b) => b.score - a.score)) {
    if (!kept.some((better) => likeness(better, person) > SAME_PERSON)) kept.push(person);
  }
  return kept;
}

/** Mean object keypoint similarity, relative to the size of the better one. */
function likeness({ box: [x1, y1, x2, y2], keypoints }: PersonPose, other: PersonPose): number {
  const area = Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  const values = keypoints.map(([x, y], i) => {
    const [otherX, otherY] = other.keypoints[i] as Keypoint;
    return keypointSimilarity(i, (x - otherX) ** 2 + (y - otherY) ** 2, area);
  });
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
