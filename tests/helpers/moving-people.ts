import type { Observable } from 'rxjs';
import type { LineCrossing, PeopleCount } from '../../operators/pose/analyse/people-meta.js';
import type { PoseEvent } from '../../operators/pose/analyse/pose-event-meta.js';
import { PoseTracker } from '../../operators/pose/track/pose-tracker.js';
import { attach, mapOrdered, type OperatorDefinition, type VideoSample } from '../../pipeline/index.js';
import { personIn } from '../operators/pose/draw/people.js';
import { testOperator } from './operators.js';

/** Somebody who walks to the right through a part of a film. */
export interface Walker {
  readonly fromUs: number;
  readonly untilUs: number;
  /** Rows from the top, share of the picture. */
  readonly top: number;
}

/** Side of the square that somebody fills, share of the picture's height. */
const SIDE = 0.25;
/** Seconds from the left edge to the right one. */
const CROSSING_SECONDS = 20;

/**
 * A tracker, as `estimate-pose` has one, that is told who is where: its ids begin with 1 in each run. Also attaches `poseEvents` with the ids of all, and counts frames in `people` as if somebody crossed a line in each.
 */
export function walkersDefinition(walkers: readonly Walker[]): OperatorDefinition {
  return testOperator('walkers', {
    provides: ['poses', 'people', 'poseEvents'],
    keepsPictures: true,
    create:
      () =>
      ([input]) => {
        const tracker = new PoseTracker({ minHits: 1 });
        let total = 0;
        const look = async (sample: VideoSample): Promise<VideoSample> => {
          const { ptsUs, width, height } = sample.frame;
          const side = SIDE * height;
          const seen = walkers
            .filter(({ fromUs, untilUs }) => ptsUs >= fromUs && ptsUs < untilUs)
            .map(({ top }) => {
              const { id: _, ...person } = personIn([(width * ptsUs) / (CROSSING_SECONDS * 1e6), top * height, side]);
              return person;
            });
          const poses = tracker.update(ptsUs, seen);
          const poseEvents = poses.map(
            ({ id, score }): PoseEvent => ({ id, kind: 'running', state: 'begin', sinceUs: 0, score }),
          );
          const crossings: readonly LineCrossing[] = poses.map(({ id }) => ({ line: 'door', id, direction: 'in' }));
          const lines = { door: { in: ++total, out: 0 } };
          const people: PeopleCount = { present: poses.length, zones: {}, lines, crossings };
          return attach(sample, { poses, people, poseEvents });
        };
        return [(input as Observable<VideoSample>).pipe(mapOrdered(look, { concurrency: 1 }))];
      },
  });
}

/** One walker from the first frame to the last. */
export const oneWalker: readonly Walker[] = [{ fromUs: 0, untilUs: Number.POSITIVE_INFINITY, top: 0.25 }];
