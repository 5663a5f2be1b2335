import { attach, reportCadence, reportModelMs, type VideoSample } from '../../../pipeline/index.js';
import type { PoseMeta } from '../pose-meta.js';
import type { SeenSample } from './look-at-people.js';
import type { PersonFollower } from './person-follower.js';

/** Second stage, strictly in order: gives people their ids, calms them, and says where they are where the network did not look. */
export function followPeople<Meta extends object>(
  follower: PersonFollower,
  maxPeople: number,
): (sample: SeenSample<Meta>) => Promise<VideoSample<Meta & PoseMeta>> {
  return async ({ received, isFirstOfShot, sight }) => {
    const { ptsUs } = received.frame;
    if (isFirstOfShot) follower.cut();
    const poses = sight === undefined ? follower.between(ptsUs) : follower.look(ptsUs, sight.people, sight.appearances);
    if (sight !== undefined) reportModelMs(received, sight.modelMs);
    reportCadence(received, sight !== undefined);
    return attach(received, { poses: poses.slice(0, maxPeople) });
  };
}
