import { Observable } from 'rxjs';
import { z } from 'zod';
import { branchFrames } from '../../pipeline/frames/branch-frames.js';
import { filterFrames } from '../../pipeline/frames/filter-frames.js';
import { mapOrdered } from '../../pipeline/frames/map-ordered.js';
import { tapFrames } from '../../pipeline/frames/tap-frames.js';
import { zipFrames } from '../../pipeline/frames/zip-frames.js';
import type { OperatorDefinition, PortStream } from '../../pipeline/operator.js';
import type { VideoSample } from '../../pipeline/sample.js';

type Frames = Observable<VideoSample>;

const noOptions = z.strictObject({});

/** A definition with one video input and one video output that passes everything on, changed as a test needs. */
export function testOperator<Options = unknown>(
  name: string,
  changes: Partial<OperatorDefinition<Options>> = {},
): OperatorDefinition<Options> {
  return {
    name,
    summary: `Test operator ${name}.`,
    inputs: { video: 'video' },
    outputs: { video: 'video' },
    requires: [],
    provides: [],
    options: noOptions as unknown as OperatorDefinition<Options>['options'],
    demand: () => ({ holds: 1, needs: 1 }),
    warmupFrames: () => 0,
    create: () => (inputs) => inputs,
    ...changes,
  };
}

/** An operator made of a function on one stream. */
export function pipeOperator(name: string, apply: (frames: Frames) => Frames): OperatorDefinition {
  return testOperator(name, {
    create:
      () =>
      ([input]) => [apply(input as Frames)],
  });
}

const colorizeOptions = z.strictObject({
  strength: z.number().min(0).max(1).default(1),
  when: z.enum(['monochrome', 'always']).default('monochrome'),
  model: z.strictObject({ path: z.string().optional(), threads: z.int().default(1) }).prefault({}),
});

/** Shaped like the real `colorize`; passes frames on, asynchronously. */
export const colorize: OperatorDefinition<z.infer<typeof colorizeOptions>> = testOperator('colorize', {
  options: colorizeOptions,
  demand: () => ({ holds: 4, needs: 1 }),
  warmupFrames: () => 10,
  create:
    () =>
    ([input]) => [(input as Frames).pipe(mapOrdered(async (sample: VideoSample) => sample))],
});

/** Shaped like the real `deinterlace`; passes frames on. */
export const deinterlace: OperatorDefinition<{ when: string }> = testOperator('deinterlace', {
  options: z.strictObject({ when: z.enum(['interlaced', 'always']).default('always') }),
  demand: () => ({ holds: 3, needs: 2 }),
  warmupFrames: () => 2,
  create:
    () =>
    ([input]) => [(input as Frames).pipe(tapFrames(() => {}))],
});

/** Joins two streams by time; the left frame passes on, the right one is closed. */
export const sideBySide: OperatorDefinition = testOperator('side-by-side', {
  inputs: { left: 'video', right: 'video' },
  create: () => (inputs) => [joinLeft(inputs)],
});

function joinLeft(inputs: readonly PortStream[]): Frames {
  const joined = zipFrames(inputs as readonly Frames[]);
  return new Observable((subscriber) =>
    joined.subscribe({
      next: ([left, right]) => {
        right?.frame.close();
        if (left !== undefined) subscriber.next(left);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    }),
  );
}

/** Two video outputs: `even` and `odd` frames. */
export const sortFrames: OperatorDefinition = testOperator('sort-frames', {
  outputs: { even: 'video', odd: 'video' },
  create:
    () =>
    ([input]) =>
      branchFrames(input as Frames, 2).map((branch, parity) =>
        branch.pipe(filterFrames(({ frame }) => frame.index % 2 === parity)),
      ),
});

export const findPeople: OperatorDefinition = testOperator('find-people', { provides: ['people'] });
export const paintPeople: OperatorDefinition = testOperator('paint-people', { requires: ['people'] });
/** Video in, audio out. */
export const listen: OperatorDefinition = testOperator('listen', { outputs: { sound: 'audio' } });

export const testOperators: readonly OperatorDefinition[] = [
  colorize,
  deinterlace,
  sideBySide,
  sortFrames,
  findPeople,
  paintPeople,
  listen,
];
