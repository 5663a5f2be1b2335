import { map, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type CountPeopleOptions, countOptions } from '../../../../operators/pose/analyse/count-options.js';
import { countPeople, countPeopleDefinition } from '../../../../operators/pose/analyse/count-people.js';
import { PeopleCounter } from '../../../../operators/pose/analyse/people-counter.js';
import type { PeopleCount, PeopleMeta } from '../../../../operators/pose/analyse/people-meta.js';
import { standingPlace } from '../../../../operators/pose/analyse/standing-place.js';
import type { PoseMeta, TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { tapFrames } from '../../../../pipeline/frames/tap-frames.js';
import { createGraph } from '../../../../pipeline/graph/graph.js';
import { GraphMetrics } from '../../../../pipeline/metrics.js';
import { ReplaceableGraph } from '../../../../pipeline/replaceable-graph.js';
import { attach, type VideoSample, withFrame } from '../../../../pipeline/sample.js';
import { reportedBy } from '../../../helpers/figures.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom, testFrame } from '../../../helpers/frames.js';
import { poseOf, raising, standing, walking } from './skeleton.js';

const PICTURE = { width: 1000, height: 500 };
/** From the lower border to the upper one, through the middle: its right side is that of the picture. */
const entrance = {
  entrance: [
    [0.5, 1],
    [0.5, 0],
  ] as [number, number][],
};

/** Somebody 100 pixels tall whose feet are at a place. */
const at = (x: number, y = 400, changes: Partial<Parameters<typeof poseOf>[1]> = {}): TrackedPose =>
  poseOf(standing(0), { height: 100, floor: [x, y + 4], ...changes });

/** What is counted in each of some frames, 40 ms apart. */
function counts(
  options: CountPeopleOptions,
  frames: readonly (readonly TrackedPose[])[],
  size = PICTURE,
): readonly PeopleCount[] {
  const counter = new PeopleCounter(countOptions.parse(options));
  return frames.map((poses, i) => counter.update(i * 40_000, size, poses));
}

/** `in`, `out`, … of one person whose feet are at these places, over the entrance. */
function crossings(places: readonly (number | readonly [x: number, y: number])[], options: CountPeopleOptions = {}) {
  const frames = places.map((place) => [typeof place === 'number' ? at(place) : at(...place)]);
  const all = counts({ lines: entrance, ...options }, frames);
  const seen = all.flatMap(({ crossings: each }) => each.map(({ direction }) => direction));
  const total = all.at(-1)?.lines.entrance;
  expect(total).toEqual({
    in: seen.filter((direction) => direction === 'in').length,
    out: seen.filter((direction) => direction === 'out').length,
  });
  return seen;
}

const steps = (from: number, to: number, by = 10): readonly number[] =>
  Array.from({ length: Math.abs(to - from) / by + 1 }, (_, i) => from + Math.sign(to - from) * by * i);

describe('a line', () => {
  it('is crossed in from its left to its right, out the other way, as one looks along it', () => {
    expect(crossings(steps(300, 700))).toEqual(['in']);
    expect(crossings(steps(700, 300))).toEqual(['out']);
    expect(crossings(steps(300, 700), { lines: { entrance: '0.5,0 0.5,1' } })).toEqual(['out']);
  });

  it('is crossed from above to below from left to right, too', () => {
    const down = steps(100, 400).map((y) => [500, y] as const);
    // Drawn from right to left: looking to the left, what is up lies to the right.
    expect(crossings(down, { lines: { entrance: '0.9,0.5 0.1,0.5' } })).toEqual(['out']);
    expect(crossings(down, { lines: { entrance: '0.1,0.5 0.9,0.5' } })).toEqual(['in']);
  });

  it('says who crossed it, in the frame in which they have', () => {
    const all = counts({ lines: entrance }, [
      [at(400), at(800, 400, { id: 2 })],
      [at(600), at(800, 400, { id: 2 })],
      [at(610)],
    ]);
    expect(all.map((each) => each.crossings)).toEqual([[], [{ line: 'entrance', id: 1, direction: 'in' }], []]);
    expect(all.map(({ lines }) => lines.entrance)).toEqual([
      { in: 0, out: 0 },
      { in: 1, out: 0 },
      { in: 1, out: 0 },
    ]);
  });

  it('is crossed once by somebody who trembles on it, and again by who comes back', () => {
    const trembling = Array.from({ length: 100 }, (_, i) => 500 + (i % 2 === 0 ? 9 : -9));
    expect(crossings([...steps(300, 500), ...trembling, ...steps(500, 700)])).toEqual(['in']);
    expect(crossings([...steps(300, 500), ...trembling, ...steps(500, 300)])).toEqual([]);
    expect(crossings([...steps(300, 700), ...steps(700, 300), ...steps(300, 700)])).toEqual(['in', 'out', 'in']);
  });

  it('has a dead band that grows with the person', () => {
    expect(crossings([450, 505])).toEqual([]);
    expect(crossings([450, 515])).toEqual(['in']);
    const child = [at(450, 400, { height: 40 }), at(505, 400, { height: 40 })].map((pose) => [pose]);
    expect(counts({ lines: entrance }, child).at(-1)?.lines.entrance?.in).toBe(1);
    expect(crossings([450, 501], { deadBand: 0 })).toEqual(['in']);
  });

  it('is not crossed by somebody who is first seen beyond it', () => {
    expect(crossings(steps(600, 900))).toEqual([]);
    expect(crossings(steps(495, 900))).toEqual([]);
  });

  it('is crossed once by somebody who is lost and found again beyond it under the same id', () => {
    const options = { lines: entrance };
    const lost = Array.from({ length: 50 }, () => []);
    expect(counts(options, [[at(400)], ...lost, [at(600)]]).at(-1)?.lines.entrance).toEqual({ in: 1, out: 0 });
    const other = counts(options, [[at(400)], ...lost, [at(600, 400, { id: 2 })]]);
    expect(other.at(-1)?.lines.entrance).toEqual({ in: 0, out: 0 });
    const forgotten = counts({ ...options, forgetMs: 1000 }, [[at(400)], ...lost, [at(600)]]);
    expect(forgotten.at(-1)?.lines.entrance).toEqual({ in: 0, out: 0 });
  });

  it('is not crossed around its ends', () => {
    const short = { lines: { entrance: '0.5,0.7 0.5,0' } };
    expect(
      crossings(
        [
          [400, 300],
          [600, 300],
        ],
        short,
      ),
    ).toEqual(['in']);
    expect(
      crossings(
        [
          [400, 400],
          [600, 400],
        ],
        short,
      ),
    ).toEqual([]);
    expect(
      crossings(
        [
          [400, 300],
          [480, 400],
          [520, 400],
          [600, 300],
        ],
        short,
      ),
    ).toEqual([]);
    // From there it is crossed as ever.
    expect(
      crossings(
        [
          [400, 400],
          [600, 400],
          [600, 300],
          [400, 300],
        ],
        short,
      ),
    ).toEqual(['out']);
  });

  it('is not crossed by somebody who is only foreseen beyond it, until they are seen there', () => {
    const foreseen = steps(450, 600).map((x) => [at(x, 400, { ageMs: 40 })]);
    const options = { lines: entrance };
    expect(counts(options, [[at(440)], ...foreseen]).at(-1)?.lines.entrance?.in).toBe(0);
    expect(counts(options, [[at(440)], ...foreseen, [at(600)]]).at(-1)?.lines.entrance?.in).toBe(1);
  });

  it('is crossed as often whatever the frame rate and the size', () => {
    for (const [fps, scale] of [
      [5, 1],
      [25, 0.2],
      [60, 3],
      [120, 1],
    ] as const) {
      const counter = new PeopleCounter(countOptions.parse({ lines: entrance }));
      let last: PeopleCount | undefined;
      for (let i = 0; i <= 6 * fps; i++) {
        const pose = poseOf(walking(i / fps), { height: 100 * scale, floor: [300 * scale, 400 * scale] });
        last = counter.update(Math.round((i * 1e6) / fps), { width: 1000 * scale, height: 500 * scale }, [pose]);
      }
      expect(last?.lines.entrance).toEqual({ in: 1, out: 0 });
    }
  });
});

describe('a zone', () => {
  const zones = { left: '0,0 0.5,0 0.5,1 0,1', corner: '0.8,0.6 1,0.6 1,1 0.8,1' };

  it('has the people whose feet are in it; they stand where their ankles are, or at the lower edge of the box', () => {
    const [count] = counts({ zones }, [
      [at(100), at(200, 400, { id: 2 }), at(900, 400, { id: 3 }), at(900, 250, { id: 4 })],
    ]);
    expect(count).toMatchObject({ present: 4, zones: { left: 2, corner: 1 } });
    // The ankles are 4 pixels above the lower edge.
    const unsure = { pointScore: () => 0.1 };
    const onEdge = { zones: { floor: '0,0.805 1,0.805 1,1 0,1' } };
    expect(counts(onEdge, [[at(100)]])[0]?.zones.floor).toBe(0);
    expect(counts(onEdge, [[at(100, 400, unsure)]])[0]?.zones.floor).toBe(1);
    expect(counts({ ...onEdge, minKeypointScore: 0 }, [[at(100, 400, unsure)]])[0]?.zones.floor).toBe(0);
  });

  it('looks below the hips of somebody whose ankles are unsure, though an arm is held out', () => {
    const pose = poseOf(raising(90, 5)(2), {
      height: 100,
      floor: [100, 404],
      pointScore: (i) => (i >= 15 ? 0.1 : 0.9),
    });
    const middle = (pose.box[0] + pose.box[2]) / 2;
    expect(standingPlace(pose, 0.3)).toEqual([expect.closeTo(100), pose.box[3]]);
    expect(standingPlace(pose, 0.95)).toEqual([middle, pose.box[3]]);
    expect(middle).toBeGreaterThan(105);
  });

  it('keeps who has entered it until they are farther outside than the dead band', () => {
    const walk = [490, 505, 495, 509, 511, 505].map((x) => [at(x)]);
    expect(counts({ zones }, walk).map(({ zones: { left } }) => left)).toEqual([1, 1, 1, 1, 0, 0]);
  });

  it('may be concave', () => {
    const options = { zones: { u: '0,0 0.2,0 0.2,0.5 0.8,0.5 0.8,0 1,0 1,1 0,1' }, deadBand: 0 };
    const inU = (x: number, y: number) => counts(options, [[at(x, y)]])[0]?.zones.u;
    expect([inU(100, 100), inU(500, 100), inU(500, 400), inU(900, 100)]).toEqual([1, 0, 1, 1]);
  });

  it('counts people who are foreseen where they were seen last, not who was never seen', () => {
    const aged = (x: number, id = 1) => at(x, 400, { ageMs: 80, id });
    const all = counts({ zones }, [[at(400)], [aged(700), aged(100, 2)], []]);
    expect(all.map(({ present, zones: { left } }) => [present, left])).toEqual([
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  it('counts people of whom the network was sure once', () => {
    const all = counts({ zones }, [[at(100, 400, { score: 0.2 })], [at(100)], [at(100, 400, { score: 0.2 })]]);
    expect(all.map(({ present }) => present)).toEqual([0, 1, 1]);
  });

  it('is in pixels where unit says so', () => {
    const options = { zones: { door: '0,350 150,350 150,450 0,450' }, unit: 'pixels' as const };
    expect(counts(options, [[at(100)]])[0]?.zones.door).toBe(1);
    expect(counts(options, [[at(100)]], { width: 4000, height: 2000 })[0]?.zones.door).toBe(1);
  });
});

/** Somebody in a picture of 8×4 pixels, who goes to the right. */
const people8x4 = (index: number) => [poseOf(standing(0), { height: 3, floor: [index + 0.5, 3.5] })];

/** A pose of that picture in the one that is stored: of 4×8 or 8×4 pixels, and turned clockwise to be shown. */
function storedAs(pose: TrackedPose, rotation: number): TrackedPose {
  const turn = (x: number, y: number): readonly [number, number] => {
    if (rotation === 90) return [y, 8 - x];
    return rotation === 180 ? [8 - x, 4 - y] : [4 - y, x];
  };
  const [x1, y1, x2, y2] = pose.box;
  const [[a, b], [c, d]] = [turn(x1, y1), turn(x2, y2)];
  return {
    ...pose,
    box: [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)],
    keypoints: pose.keypoints.map(([x, y, score]) => [...turn(x, y), score] as const),
  };
}

describe('countPeople', () => {
  const options: CountPeopleOptions = { lines: { middle: '0.5,1 0.5,0' }, zones: { left: '0,0 0.5,0 0.5,1 0,1' } };
  /** Through a picture of 8×4 pixels from left to right, a pixel a frame. */
  const people = (source: Observable<VideoSample>): Observable<VideoSample<PoseMeta>> =>
    source.pipe(map((sample) => attach(sample, { poses: people8x4(sample.frame.index) })));

  itKeepsTheFrameOperatorLaws({ apply: (source) => source.pipe(people, countPeople(options)) });

  it('attaches counts to every frame, as plain JSON', () =>
    expectBalanced(async () => {
      const seen: PeopleCount[] = [];
      await collect(framesFrom(8).pipe(people, countPeople(options)), ({ meta }) => {
        seen.push((meta as PeopleMeta).people);
      });
      expect(seen.map(({ zones }) => zones.left)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
      expect(seen.at(-1)).toEqual({
        present: 1,
        zones: { left: 0 },
        lines: { middle: { in: 1, out: 0 } },
        crossings: [],
      });
      expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
    }));

  it('measures in the picture in which people were found, though it was enlarged since', async () => {
    const enlarged = map((sample: VideoSample<PoseMeta>) => {
      sample.frame.close();
      return withFrame(sample, testFrame(sample.frame.index, { width: 80, height: 40 }));
    });
    const seen: unknown[] = [];
    await collect(framesFrom(8).pipe(people, enlarged, countPeople(options)), ({ meta }) => {
      seen.push((meta as PeopleMeta).people.zones.left);
    });
    expect(seen).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
  });

  it.each([90, 180, 270])('has zones and lines where viewers see them, in pictures turned by %i°', async (rotation) => {
    const turned = map((sample: VideoSample) =>
      attach(sample, { poses: people8x4(sample.frame.index).map((pose) => storedAs(pose, rotation)) }),
    );
    const size = rotation === 180 ? { width: 8, height: 4 } : { width: 4, height: 8 };
    const seen: PeopleCount[] = [];
    await collect(framesFrom(8, { ...size, rotation }).pipe(turned, countPeople(options)), ({ meta }) => {
      seen.push((meta as PeopleMeta).people);
    });
    expect(seen.map(({ zones }) => zones.left)).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    expect(seen.at(-1)?.lines.middle).toEqual({ in: 1, out: 0 });
  });

  it('publishes who is there as gauges, and crossings as counts, all of them from the first frame on', async () => {
    const gauge = (zone: string, value: number) => ({ name: 'people_present', type: 'gauge', labels: { zone }, value });
    const count = (direction: string, value: number) => {
      return { name: 'line_crossings_total', type: 'counter', labels: { line: 'middle', direction }, value };
    };
    expect(await reportedBy(countPeopleDefinition, options, framesFrom(1).pipe(people))).toEqual([
      ...[gauge('all', 1), gauge('left', 1), count('in', 0), count('out', 0)],
    ]);
    expect(await reportedBy(countPeopleDefinition, options, framesFrom(8).pipe(people))).toEqual([
      ...[gauge('all', 1), gauge('left', 0), count('out', 0), count('in', 1)],
    ]);
  });

  it('goes on counting for Prometheus when options change; zones that are gone are gone', async () => {
    const use = { ...countPeopleDefinition, requires: [] };
    const first = createGraph({ nodes: { people: { use, with: options } } }, { operators: [] });
    const graph = new ReplaceableGraph(first, { slots: 8 });
    const metrics = new GraphMetrics();
    const film = framesFrom(24).pipe(
      map((sample) => attach(sample, { poses: people8x4(sample.frame.index % 8) })),
      tapFrames(({ frame }) => {
        const zones = { right: '0.5,0 1,0 1,1 0.5,1' };
        if (frame.index === 12) graph.replace(first.withOptions('people', { ...options, zones }));
      }),
    );
    const totals: unknown[] = [];
    await collect(graph.build(film, metrics), ({ meta }) => totals.push((meta as PeopleMeta).people.lines.middle));
    const value = (labels: object) => ({ labels, value: expect.any(Number) });
    const figures = metrics.snapshot()[0]?.figures ?? [];
    expect(figures).toMatchObject([
      ...[value({ zone: 'all' }), value({ zone: 'right' })],
      ...[value({ line: 'middle', direction: 'out' }), value({ line: 'middle', direction: 'in' })],
    ]);
    // Three times to the right, and twice back at once. Whoever crosses just then is new to the next instance.
    expect(figures.slice(2).map((figure) => figure.value)).toEqual([2, 2]);
    expect([totals[11], totals[12], totals.at(-1)]).toEqual([
      { in: 1, out: 1 },
      { in: 0, out: 0 },
      { in: 1, out: 1 },
    ]);
  });

  it('needs poses', () => {
    // @ts-expect-error Nobody has estimated poses.
    framesFrom(1).pipe(countPeople());
    const counted: Observable<VideoSample<PoseMeta & PeopleMeta>> = framesFrom(1).pipe(people, countPeople());
    expect(counted).toBeDefined();
  });

  const many = (text: string) => Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`n${i}`, text]));
  it.each([
    ['a zone of two places', { zones: { door: '0,0 1,1' } }, 'zones.door: must have three places or more, and an area'],
    ['a zone without an area', { zones: { door: '0,0 0.5,0.5 1,1' } }, 'an area'],
    ['a zone with the name of the picture', { zones: { all: '0,0 1,0 1,1' } }, 'choose another name'],
    ['a line of three places', { lines: { a: '0,0 1,0 1,1' } }, 'two different places'],
    [
      'a line that goes nowhere',
      {
        lines: {
          a: [
            [0.1, 0.1],
            [0.1, 0.1],
          ],
        },
      },
      'two different places',
    ],
    ['places outside the picture', { lines: { a: '0,0 1,1.5' } }, 'within 0–1'],
    ['pixels that nobody announced', { lines: { a: '0,0 640,360' } }, 'set unit to "pixels"'],
    ['text that is no places', { lines: { a: 'left to right' } }, 'lines.a'],
    ['names that are none', { lines: { 'a"b': '0,0 1,1' } }, 'lines'],
    ['long names', { zones: { ['x'.repeat(33)]: '0,0 1,0 1,1' } }, 'zones'],
    ['too many zones', { zones: many('0,0 1,0 1,1') }, 'at most 32 zones'],
    ['too many lines', { lines: many('0,0 1,1') }, 'at most 32 lines'],
    ['options that there are not', { zone: {} }, 'zone'],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => countPeople(wrong as never)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
    );
  });
});
