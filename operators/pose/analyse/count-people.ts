import type { Observable, OperatorFunction } from 'rxjs';
import type { z } from 'zod';
import {
  attachedSize,
  type OperatorDefinition,
  type OperatorFigure,
  reportCount,
  reportGauge,
  type VideoSample,
} from '../../../pipeline/index.js';
import { parseOptions } from '../../options.js';
import type { PoseMeta } from '../pose-meta.js';
import { shownPoses } from '../shown-poses.js';
import { attachEach } from './attach-each.js';
import { type CountPeopleOptions, countOptions, EVERYWHERE } from './count-options.js';
import { PeopleCounter } from './people-counter.js';
import type { PeopleCount, PeopleMeta } from './people-meta.js';

/** Most frames a second for which it is reckoned how many frames are some time. */
const FAST_FPS = 60;
const [PRESENT, CROSSINGS] = ['people_present', 'line_crossings_total'];

/**
 * Counts people, in zones and over lines: video with `poses` → video with `poses` and `people`. Somebody is where their feet are, in the picture as viewers see it. A line is crossed when they have come
 * farther beyond it than the dead band, having passed between its ends; who first appears beyond it has not crossed it, and who is lost and found again under
 * the same id on its other side has. People whose places are foreseen (`ageMs`) stay where they were seen last, so that nothing is counted that nobody saw.
 *
 * Frames pass as they are, inside the source's `next`, and belong to the receiver. Memory is that of the people of the last `forgetMs`.
 *
 * @throws VitascopeError `OPTION_INVALID` at once.
 * @example people.pipe(countPeople({ lines: { entrance: [[0.5, 1], [0.5, 0]] } }))
 */
export function countPeople<Meta extends PoseMeta>(
  options: CountPeopleOptions = {},
): OperatorFunction<VideoSample<Meta>, VideoSample<Meta & PeopleMeta>> {
  const settings = parseOptions('count-people', countOptions, options);
  return attachEach(() => {
    const counter = new PeopleCounter(settings);
    const lines = Object.keys(settings.lines);
    let isFirst = true;
    return (sample) => {
      const { frame, meta } = sample;
      const shown = shownPoses(meta.poses, attachedSize(meta.poses) ?? frame, frame.rotation);
      const people = counter.update(frame.ptsUs, shown, shown.poses);
      if (isFirst)
        for (const line of lines) for (const direction of ['in', 'out']) countCrossing(sample, line, direction, 0);
      isFirst = false;
      report(sample, people);
      return { people };
    };
  });
}

function report(received: VideoSample, { present, zones, crossings }: PeopleCount): void {
  reportGauge(received, PRESENT, { zone: EVERYWHERE }, present);
  for (const [zone, count] of Object.entries(zones)) reportGauge(received, PRESENT, { zone }, count);
  for (const { line, direction } of crossings) countCrossing(received, line, direction, 1);
}

function countCrossing(received: VideoSample, line: string, direction: string, by: number): void {
  reportCount(received, CROSSINGS, { line, direction }, by);
}

const figures: readonly OperatorFigure[] = [
  { name: PRESENT, type: 'gauge', help: 'People in a zone; "all" is the whole picture', labels: ['zone'] },
  { name: CROSSINGS, type: 'counter', help: 'People who crossed a line', labels: ['line', 'direction'] },
];

export const countPeopleDefinition: OperatorDefinition<z.output<typeof countOptions>> = {
  name: 'count-people',
  summary: 'Counts people: in the picture, in zones, and over lines.',
  inputs: { video: 'video' },
  outputs: { video: 'video' },
  requires: ['poses'],
  provides: ['people'],
  keepsPictures: true,
  figures,
  options: countOptions,
  demand: () => ({ holds: 1, needs: 1 }),
  warmupFrames: ({ forgetMs }) => Math.ceil((forgetMs * FAST_FPS) / 1000),
  create: (options) => {
    const operator = countPeople(options);
    return ([video]) => [operator(video as Observable<VideoSample<PoseMeta>>)];
  },
};
