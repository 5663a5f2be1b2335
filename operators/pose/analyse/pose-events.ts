import type { Observable, OperatorFunction } from 'rxjs';
import type { z } from 'zod';
import {
  attachedSize,
  type OperatorDefinition,
  type OperatorFigure,
  reportCount,
  type VideoFrame,
  type VideoSample,
} from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import type { PoseMeta } from '../pose-meta.js';
import { shownPoses } from '../shown-poses.js';
import { attachEach } from './attach-each.js';
import { eventOptions, type PoseEventsOptions } from './event-options.js';
import type { PoseEventsMeta } from './pose-event-meta.js';
import { PoseEventWatcher } from './pose-event-watcher.js';

/** Most frames a second for which it is reckoned how many frames are some time. */
const FAST_FPS = 60;
/** How long the torso's length is measured, milliseconds. */
const SIZE_MS = 2000;
const EVENTS = 'pose_events_total';

/**
 * Recognises falls, raised hands and running by rules on the skeleton: video with `poses` → video with `poses` and `poseEvents`. Lengths are in torsos of the person and times in
 * microseconds, so that neither their distance nor the frame rate matters. Key points that are unsure, and people whose places are foreseen (`ageMs`), never begin or
 * end anything; events of somebody who is gone end after `forgetMs`. docs/pose-analytics.md has the rules, and what they take for something else.
 *
 * Frames pass as they are, inside the source's `next`, and belong to the receiver. Memory is that of the people of the last `forgetMs`.
 *
 * @throws VitascopeError `OPTION_INVALID` at once.
 * @example people.pipe(poseEvents({ kinds: ['fall'], fallHoldMs: 3000 }))
 */
export function poseEvents<Meta extends PoseMeta>(
  options: PoseEventsOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & PoseEventsMeta>> {
  const settings = parseOptions('pose-events', eventOptions, options);
  return attachEach(() => {
    const watcher = new PoseEventWatcher(settings);
    let isFirst = true;
    return (sample) => {
      const { frame, meta } = sample;
      const { poses } = shownPoses(meta.poses, attachedSize(meta.poses) ?? frame, frame.rotation);
      const events = watcher.update(frame.ptsUs, pixelAspectOf(frame), poses);
      if (isFirst) for (const kind of settings.kinds) reportCount(sample, EVENTS, { kind }, 0);
      isFirst = false;
      for (const { kind, state } of events) if (state === 'begin') reportCount(sample, EVENTS, { kind });
      return { poseEvents: events };
    };
  });
}

/** Width of a pixel by its height, as viewers see it. */
function pixelAspectOf({ sampleAspectRatio: { num, den }, rotation }: VideoFrame): number {
  if (num <= 0 || den <= 0) return 1;
  return rotation % 180 === 0 ? num / den : den / num;
}

const figures: readonly OperatorFigure[] = [
  { name: EVENTS, type: 'counter', help: 'Falls, raised hands and runs that began', labels: ['kind'] },
];

export const poseEventsDefinition: OperatorDefinition<z.output<typeof eventOptions>> = {
  name: 'pose-events',
  summary: 'Recognises falls, raised hands and running.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: ['poses'],
  provides: ['poseEvents'],
  keepsPictures: true,
  figures,
  options: eventOptions,
  demand: () => ({ holds: 1, needs: 1 }),
  warmupFrames: ({ fallWindowMs, fallHoldMs, runWindowMs, runHoldMs }) =>
    Math.ceil((Math.max(SIZE_MS, fallWindowMs + fallHoldMs, runWindowMs + runHoldMs) * FAST_FPS) / 1000),
  create: (options) => {
    const operator = poseEvents(options);
    return ([video]) => [operator(video as Observable<VideoSample<PoseMeta>>)];
  },
};
