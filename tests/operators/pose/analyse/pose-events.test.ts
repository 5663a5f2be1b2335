import fc from 'fast-check';
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { PoseEventsMeta } from '../../../../operators/pose/analyse/pose-event-meta.js';
import { poseEvents, poseEventsDefinition } from '../../../../operators/pose/analyse/pose-events.js';
import { drawPose } from '../../../../operators/pose/draw/draw-pose.js';
import type { PoseMeta } from '../../../../operators/pose/pose-meta.js';
import { attach, type VideoSample } from '../../../../pipeline/sample.js';
import { reportedBy } from '../../../helpers/figures.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, FRAME_US, framesFrom } from '../../../helpers/frames.js';
import {
  fallingAndRising,
  gliding,
  jumpingJacks,
  pickingUp,
  poseOf,
  raising,
  running,
  sinkingDown,
  sittingDown,
  squatting,
  standing,
  stepping,
  timesAt,
  toppling,
  walking,
} from './skeleton.js';
import { told, watch } from './watch.js';

const [LEFT_WRIST, RIGHT_WRIST] = [9, 10];
const fallen = toppling(0.6);
const handsUp = raising(175, 175);

describe('a fall', () => {
  it('begins when somebody who toppled has lain for a second, and ends when they are up again', () => {
    const [begin, end, ...more] = watch(fallingAndRising, { seconds: 8 });
    expect(begin).toMatchObject({ id: 1, kind: 'fall', state: 'begin', score: expect.closeTo(0.9) });
    expect(begin?.sinceUs).toBeGreaterThan(1.3e6);
    expect(begin?.sinceUs).toBeLessThan(1.6e6);
    expect((begin?.atS ?? 0) - (begin?.sinceUs ?? 0) / 1e6).toBeCloseTo(1, 1);
    expect(end).toMatchObject({ kind: 'fall', state: 'end', sinceUs: begin?.sinceUs });
    expect(end?.atS).toBeGreaterThan(5);
    expect(more).toEqual([]);
  });

  it.each([
    ['sits down', sittingDown],
    ['bends to pick something up', pickingUp],
    ['squats fast, far forward', squatting],
    ['lies down slowly', toppling(4)],
    ['lies there from the beginning', toppling(0.6, -10)],
    ['stands', standing],
    ['does jumping jacks', jumpingJacks],
  ])('is not told of somebody who %s', (_, animation) => {
    expect(told(animation, { options: { kinds: ['fall'] }, seconds: 8 })).toEqual([]);
  });

  it('is not told of somebody who is up again at once', () => {
    const stumbling = (seconds: number) => fallen(seconds < 2 ? seconds : 0);
    expect(told(stumbling)).toEqual([]);
    expect(told(stumbling, { options: { fallHoldMs: 300 } })).toEqual(['fall begin', 'fall end']);
  });

  it.each([
    ['fallAngle', 88],
    ['fallAspect', 4],
    ['fallSpeed', 8],
    ['fallHoldMs', 20_000],
  ])('needs what %s says', (option, value) => {
    expect(told(fallen)).toEqual(['fall begin']);
    expect(told(fallen, { options: { [option]: value } })).toEqual([]);
  });

  it('needs hips that sank fast not longer than fallWindowMs before', () => {
    expect(told(sinkingDown, { seconds: 10 })).toEqual([]);
    expect(told(sinkingDown, { seconds: 10, options: { fallWindowMs: 10_000 } })).toEqual(['fall begin']);
  });

  it('is recognised in pictures whose pixels are not square', () => {
    const narrow = { pixelAspect: 2, change: (pose: ReturnType<typeof poseOf>) => [squeezed(pose)] };
    expect(told(fallen, narrow)).toEqual(['fall begin']);
    expect(told(fallen, { ...narrow, pixelAspect: 1, options: { fallAspect: 1.8 } })).toEqual([]);
  });
});

describe('raised hands', () => {
  it('begin when both are above the face for a quarter of a second, and end when they are down', () => {
    const [begin, end] = watch(handsUp);
    expect([begin, end]).toMatchObject([
      { kind: 'hands-up', state: 'begin' },
      { kind: 'hands-up', state: 'end' },
    ]);
    expect(begin?.atS).toBeLessThan(1.8);
    expect(end?.atS).toBeGreaterThan(3.9);
  });

  it('are told of somebody who does jumping jacks, once for each', () => {
    const events = told(jumpingJacks, { seconds: 5.2 });
    expect(events.filter((event) => event === 'hands-up begin')).toHaveLength(5);
    expect(events.filter((event) => !event.startsWith('hands-up'))).toEqual([]);
  });

  it.each([
    ['raises one hand', raising(175, 5)],
    ['holds the arms out', raising(90, 90)],
    ['has fallen', fallen],
    ['walks', walking],
  ])('are not told of somebody who %s', (_, animation) => {
    expect(told(animation, { options: { kinds: ['hands-up'] } })).toEqual([]);
  });

  it('are known of somebody who is seen from behind, by the ears', () => {
    expect(told(handsUp, { pointScore: (i) => (i <= 2 ? 0 : 0.9) })).toEqual(['hands-up begin', 'hands-up end']);
  });
});

describe('running', () => {
  it('begins when somebody moves fast and steps, and ends when they stand', () => {
    const stopping = (seconds: number) => running(Math.min(seconds, 3));
    expect(told(stopping)).toEqual(['running begin', 'running end']);
  });

  it('is running to the left, too', () => {
    const mirrored = watch(running, { change: (pose) => [mirror(pose)] });
    expect(mirrored).toMatchObject([{ kind: 'running', state: 'begin' }]);
  });

  it.each([
    ['walks', walking],
    ['walks slowly', stepping(0.4, 0.6)],
    ['runs on the spot', stepping(0, 1.4, 38)],
    ['glides', gliding],
    ['topples', fallen],
  ])('is not told of somebody who %s', (_, animation) => {
    expect(told(animation, { options: { kinds: ['running'] } })).toEqual([]);
  });

  it('is told of somebody who glides where steps do not matter', () => {
    expect(told(gliding, { options: { runSteps: false } })).toEqual(['running begin']);
  });

  it('is not told where an id goes to somebody far away', () => {
    const swapping = (seconds: number) => ({ ...walking(seconds), hips: [Math.floor(seconds) * 3, 0.53] as const });
    expect(told(swapping, { options: { runSteps: false } })).toEqual([]);
  });
});

describe('pose events', () => {
  const all = { falls: fallingAndRising, hands: handsUp, runs: running, walks: walking, picks: pickingUp };

  it('are the same at any size and frame rate', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(all)),
        fc.integer({ min: 40, max: 3000 }),
        fc.integer({ min: 10, max: 120 }),
        (animation, height, fps) => {
          const expected = watch(animation, { seconds: 7 });
          const got = watch(animation, { seconds: 7, height, fps, floor: [0, 0] });
          expect(got.map(({ kind, state }) => [kind, state])).toEqual(expected.map(({ kind, state }) => [kind, state]));
          for (const [i, { atS }] of got.entries()) expect(Math.abs(atS - (expected[i]?.atS ?? 0))).toBeLessThan(0.3);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are the same when frames come unevenly', () => {
    const gaps = [16, 120, 33, 66, 8, 100, 40];
    const times: number[] = [];
    for (let us = 0, i = 0; us < 7e6; i++) {
      us += (gaps[i % gaps.length] ?? 0) * 1000;
      times.push(us);
    }
    for (const animation of Object.values(all))
      expect(told(animation, { times })).toEqual(told(animation, { seconds: 7 }));
  });

  it('bear key points that tremble', () => {
    const tremble = (pose: ReturnType<typeof poseOf>, us: number) => [trembling(pose, us, 3)];
    for (const animation of Object.values(all))
      expect(told(animation, { seconds: 7, change: tremble })).toEqual(told(animation, { seconds: 7 }));
  });

  it('are not told of key points that are unsure', () => {
    const without = (...points: number[]) => ({ pointScore: (i: number) => (points.includes(i) ? 0.1 : 0.9) });
    expect(told(handsUp, without(LEFT_WRIST))).toEqual([]);
    expect(told(handsUp, without(RIGHT_WRIST))).toEqual([]);
    expect(told(handsUp, without(0, 1, 2, 3, 4))).toEqual([]);
    expect(told(fallen, without(5, 6))).toEqual([]);
    expect(told(running, without(13, 14, 15, 16))).toEqual([]);
  });

  it('manage with one side of the body, and with knees for ankles', () => {
    const hidden = [5, 7, 9, 11, 13, 15];
    expect(told(fallen, { pointScore: (i) => (hidden.includes(i) ? 0 : 0.9) })).toEqual(['fall begin']);
    expect(told(running, { pointScore: (i) => (i >= 15 ? 0 : 0.9) })).toEqual(['running begin']);
  });

  it('are not told of people who are too far away to judge', () => {
    expect(told(handsUp, { height: 16 })).toEqual([]);
    expect(told(handsUp, { height: 16, options: { minTorso: 3 } })).toHaveLength(2);
  });

  it('are not begun by poses that are foreseen, nor ended', () => {
    const foreseen = (fromUs: number) => (pose: ReturnType<typeof poseOf>, us: number) => [
      us > fromUs ? { ...pose, ageMs: 40 } : pose,
    ];
    expect(told(handsUp, { change: foreseen(1.3e6) })).toEqual([]);
    expect(told(handsUp, { change: foreseen(2e6), seconds: 8 })).toEqual(['hands-up begin']);
  });

  it('come where the network looks at few frames only', () => {
    const seldom = (pose: ReturnType<typeof poseOf>, us: number) => [
      Math.round(us / 40_000) % 4 === 0 ? pose : { ...pose, ageMs: 40 },
    ];
    for (const animation of Object.values(all))
      expect(told(animation, { change: seldom, seconds: 7 })).toEqual(told(animation, { seconds: 7 }));
  });

  it('end for somebody who is gone, later than a short absence', () => {
    const away = (fromUs: number, toUs: number) => (pose: ReturnType<typeof poseOf>, us: number) =>
      us > fromUs && us < toUs ? [] : [pose];
    const gone = watch(handsUp, { change: away(2.5e6, 99e6), seconds: 8 });
    expect(gone).toMatchObject([{ state: 'begin' }, { state: 'end', atS: expect.closeTo(4.52, 1) }]);
    expect(told(handsUp, { change: away(2e6, 3e6) })).toEqual(['hands-up begin', 'hands-up end']);
  });

  it('end at a cut back in time', () => {
    const times = [...timesAt(25, 2.5), ...timesAt(25, 0.5)];
    expect(told(handsUp, { times })).toEqual(['hands-up begin', 'hands-up end']);
  });

  it('are told of each person by their id', () => {
    const two = watch(handsUp, { change: (pose) => [pose, { ...pose, id: 7 }] });
    expect(two.map(({ id, state }) => [id, state])).toEqual([
      [1, 'begin'],
      [7, 'begin'],
      [1, 'end'],
      [7, 'end'],
    ]);
  });
});

describe('poseEvents', () => {
  const people =
    (animation = handsUp) =>
    (source: Observable<VideoSample>): Observable<VideoSample<PoseMeta>> =>
      source.pipe(
        map((sample) =>
          attach(sample, {
            poses: [poseOf(animation(sample.frame.ptsUs / 1e6), { height: 100, floor: [50, 100] })],
          }),
        ),
      );

  itKeepsTheFrameOperatorLaws({ apply: (source) => source.pipe(people(), poseEvents()) });

  it('attaches what happens in a frame, most often nothing, as plain JSON', () =>
    expectBalanced(async () => {
      const seen: PoseEventsMeta['poseEvents'][] = [];
      await collect(framesFrom(60).pipe(people(), poseEvents()), ({ meta }) => {
        seen.push((meta as PoseEventsMeta).poseEvents);
      });
      expect(seen).toHaveLength(60);
      expect(seen.flat()).toMatchObject([{ id: 1, kind: 'hands-up', state: 'begin' }]);
      expect(seen[Math.ceil((seen.flat()[0]?.sinceUs ?? 0) / FRAME_US)]).toEqual([]);
      expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
    }));

  it('knows what is up in pictures that are turned to be shown', async () => {
    const turned = map((sample: VideoSample) => {
      const pose = poseOf(fallen(sample.frame.ptsUs / 1e6), { height: 100, floor: [50, 150] });
      return attach(sample, { poses: [moved(pose, (x, y) => [y, 200 - x])] });
    });
    const events = async (rotation: number) => {
      const seen: PoseEventsMeta['poseEvents'][] = [];
      const frames = framesFrom(80, { width: 200, height: 200, rotation });
      await collect(frames.pipe(turned, poseEvents()), ({ meta }) => {
        seen.push((meta as PoseEventsMeta).poseEvents);
      });
      return seen.flat();
    };
    expect(await events(90)).toMatchObject([{ kind: 'fall' }]);
    expect(await events(0)).toEqual([]);
  });

  it('counts what begins, by kind, and has all kinds from the first frame on', async () => {
    const figures = await reportedBy(poseEventsDefinition, {}, framesFrom(60).pipe(people()));
    expect(figures).toEqual([
      { name: 'pose_events_total', type: 'counter', labels: { kind: 'fall' }, value: 0 },
      { name: 'pose_events_total', type: 'counter', labels: { kind: 'running' }, value: 0 },
      { name: 'pose_events_total', type: 'counter', labels: { kind: 'hands-up' }, value: 1 },
    ]);
  });

  it('needs poses, and keeps what was attached before', () => {
    const frames = framesFrom(1);
    // @ts-expect-error Nobody has estimated poses.
    frames.pipe(poseEvents());
    const drawn: Observable<VideoSample<PoseMeta & PoseEventsMeta>> = frames.pipe(people(), poseEvents(), drawPose());
    expect(drawn).toBeDefined();
  });

  it.each([
    [{ kinds: [] }, 'kinds'],
    [{ kinds: ['jump'] }, 'kinds'],
    [{ fallAngle: 10 }, 'fallAngle'],
    [{ runSpeed: Number.NaN }, 'runSpeed'],
    [{ holdMs: 3 }, 'holdMs'],
  ])('refuses %j', (options, name) => {
    expect(() => poseEvents(options as never)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(name) }),
    );
  });
});

type Pose = ReturnType<typeof poseOf>;

function moved(pose: Pose, move: (x: number, y: number, i: number) => readonly [number, number]): Pose {
  const keypoints = pose.keypoints.map(([x, y, score], i) => [...move(x, y, i), score] as const);
  const [x1, y1, x2, y2] = pose.box;
  const [[a, top], [b, bottom]] = [move(x1, y1, 17), move(x2, y2, 18)];
  return { ...pose, keypoints, box: [Math.min(a, b), Math.min(top, bottom), Math.max(a, b), Math.max(top, bottom)] };
}

/** As pixels twice as wide as high have it. */
const squeezed = (pose: Pose): Pose => moved(pose, (x, y) => [x / 2, y]);
const mirror = (pose: Pose): Pose => moved(pose, (x, y) => [1000 - x, y]);

/** Off by up to so many pixels, the same way whenever it is asked. */
function trembling(pose: Pose, us: number, pixels: number): Pose {
  const noise = (seed: number): number => ((Math.sin(seed * 12.9898 + us * 7.8233e-5) * 43758.5453) % 1) * pixels;
  return moved(pose, (x, y, i) => [x + noise(i + 1), y + noise(i + 101)]);
}
