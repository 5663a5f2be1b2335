import { Observable } from 'rxjs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { loadGraph } from '../../../../config/load-graph.js';
import { builtinOperators } from '../../../../config/registry.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { type FoleyOptions, foley, foleyDefinition } from '../../../../operators/foley/see/foley.js';
import { foleyOptions } from '../../../../operators/foley/see/see-options.js';
import { MOST_HELD } from '../../../../operators/foley/see/sound-watcher.js';
import { isSoundOperator } from '../../../../operators/foley/track/sound-operator.js';
import { tapFrames } from '../../../../pipeline/frames/tap-frames.js';
import { createGraph } from '../../../../pipeline/graph/graph.js';
import { GraphMetrics } from '../../../../pipeline/metrics.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { collect, expectBalanced, framesFrom } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import {
  cuesOf,
  FLASH,
  filmOf,
  type Picture,
  paintedSample,
  steady,
  type TinySpeech,
  type Told,
  tinyAdapter,
  tinyLook,
  tinyModel,
  tinyStep,
  toldOf,
} from './tiny-foley.js';

const STEP_US = 40_000;

type Speaks = NonNullable<TinySpeech['onset']>;
const dark: Speaks = (graph, { bright }) => graph.node('Sub', [graph.scalar(1), bright]);
const faint: Speaks = (graph, { bright }) => graph.node('Mul', [bright, graph.scalar(0.5)]);
/** Twice as sure as the change of brightness is large. */
const change: Speaks = (graph, { bright, before }) =>
  graph.node('Mul', [graph.node('Abs', [graph.node('Sub', [bright, before])]), graph.scalar(2)]);
/** Something happens at every thirtieth step of its memory, nothing in between. */
const counted: Speaks = (graph, { count }) => {
  const rest = graph.node('Mod', [count, graph.scalar(30)], { fmod: 1 });
  return graph.cast(graph.node('Equal', [rest, graph.scalar(0)]), 'float32');
};
const pool = new InferencePool({ workers: 1 });
afterAll(() => pool.dispose());

describe('foley', { timeout: 60_000 }, () => {
  const inFolder = workspace();
  let options: FoleyOptions;
  beforeEach(async () => {
    options = { model: await tinyModel(inFolder('tiny')), pool };
  });

  const impactsOf = async (pictures: readonly Picture[], more: FoleyOptions = {}) =>
    cuesOf(await toldOf(filmOf(pictures), { ...options, ...more }), 'impact');

  itKeepsTheFrameOperatorLaws({ apply: (source) => source.pipe(foley(options)), synchronous: false, slots: 6 });

  it('passes on frames untouched, without a model, when it shall never be heard', async () => {
    const source = framesFrom(2);
    expect(foley({ when: 'never', model: './there/is/none' })(source)).toBe(source);
  });

  it.each([15, 23.976, 25, 29.97, 50, 60, 120])('hears a flash when it is seen, at %f pictures a second', (fps) =>
    expectBalanced(async () => {
      const flash = Math.round(fps);
      const pictures = steady(2 * flash, fps, [flash]);
      const told = await toldOf(filmOf(pictures), options);
      const [impact, ...others] = cuesOf(told, 'impact');
      expect(others).toEqual([]);
      expect(Math.abs((impact?.atUs ?? 0) - (pictures[flash]?.ptsUs ?? 0))).toBeLessThanOrEqual(STEP_US / 2);
      const carrier = told.find(({ sounds }) => sounds.some(({ kind }) => kind === 'impact'));
      expect((carrier?.ptsUs ?? 0) - (impact?.atUs ?? 0)).toBeLessThanOrEqual(fps > 60 ? 100_000 : 0);
      expect(carrier?.index).toBeGreaterThanOrEqual(flash);
    }),
  );

  it.each([24, 50, 59.94, 60])('tells of a flash with the picture of it, at %f pictures a second', (fps) =>
    expectBalanced(async () => {
      // What is on the screen at these steps: it came before them, or as little later as counts as in time.
      const flashes = [10, 16, 22, 28, 34].map((step) => Math.floor(((step * STEP_US + 2000) * fps) / 1e6));
      const told = await toldOf(filmOf(steady(Math.ceil(2 * fps), fps, flashes)), options);
      expect(
        told.filter(({ sounds }) => sounds.some(({ kind }) => kind === 'impact')).map(({ index }) => index),
      ).toEqual(flashes);
    }),
  );

  it('hears a flash when it is seen, though pictures come as they like', () =>
    expectBalanced(async () => {
      const times = [0, 31, 90, 101, 180, 320, 331, 502, 540, 555, 600, 780, 800, 850, 900, 990, 1100];
      const pictures = times.map(
        (ms, i): Picture => ({ ptsUs: ms * 1000, durationUs: 0, ...(i === 7 ? { level: FLASH } : {}) }),
      );
      const [impact, ...others] = await impactsOf(pictures);
      expect(others).toEqual([]);
      expect(Math.abs((impact?.atUs ?? 0) - 502_000)).toBeLessThanOrEqual(STEP_US / 2);
    }));

  it('says what is hit, how hard and where, in plain numbers', async () => {
    const told = await toldOf(filmOf(steady(20, 25, [10])), options);
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
    const [impact] = told[10]?.sounds.filter(({ kind }) => kind === 'impact') ?? [];
    expect(impact).toMatchObject({
      ...{ kind: 'impact', atUs: 400_000, action: 'step', material: 'metal', energy: 0.63, pan: 0.8 },
      ...{ score: 0.82, materialScore: 0.7 },
    });
    const { features } = impact as { features: readonly number[] };
    expect(features).toHaveLength(48);
    expect(features.slice(0, 3)).toEqual([0, 0.02, 0.04]);
  });

  it('goes by what the network says of the time between steps', async () => {
    await tinyModel(inFolder('tiny'), { 'model.onnx': tinyStep({ offset: -0.25 }) });
    expect((await impactsOf(steady(20, 25, [10]))).map(({ atUs }) => atUs)).toEqual([390_000]);
  });

  it('looks closely at what is hit, where the model can', async () => {
    await tinyModel(inFolder('tiny'), { 'model.onnx': tinyStep({ onset: dark }), 'look.onnx': tinyLook() });
    // In the right upper corner the picture of the impact is 2: glass.
    const pictures = steady(20, 25).map((picture, i) => ({ ...picture, level: i === 10 ? 22 : 180 }));
    // And it is at the left: the step said that it is at the right.
    const seen = { material: 'glass', materialScore: 0.5, action: 'scratch', pan: -0.8 };
    expect(await impactsOf(pictures)).toMatchObject([{ atUs: 400_000, ...seen }]);
  });

  it('takes what is hit again for what it was before, until the shot ends', async () => {
    await tinyModel(inFolder('tiny'), { 'model.onnx': tinyStep({ onset: dark }), 'look.onnx': tinyLook() });
    // 2 is glass and 3 ceramic.
    const levels: Readonly<Record<number, number>> = { 8: 22, 16: 22, 24: 22, 32: 22, 40: 23, 60: 23 };
    const pictures = steady(70, 25).map((picture, i) => ({
      ...picture,
      level: levels[i] ?? 180,
      scene: i < 45 ? 0 : 1,
    }));
    const materials = (await impactsOf(pictures)).map(({ material }) => material);
    expect(materials).toEqual([...Array<string>(5).fill('glass'), expect.not.stringMatching('glass')]);
    expect(await impactsOf(pictures.slice(35, 45))).toMatchObject([{ material: 'ceramic' }]);
  });

  it('believes more where it is more sensitive', async () => {
    await tinyModel(inFolder('tiny'), { 'model.onnx': tinyStep({ onset: faint }) });
    const pictures = steady(20, 25, [10]);
    expect(await impactsOf(pictures)).toHaveLength(0);
    expect(await impactsOf(pictures, { sensitivity: 0.8 })).toHaveLength(1);
  });

  it('takes no cut for an impact, and hears one soon after it', async () => {
    const cutAt = (flash: number) =>
      steady(30, 25, [flash]).map((picture, i) => ({ ...picture, scene: i < 15 ? 0 : 1 }));
    expect(await impactsOf(cutAt(15))).toEqual([]);
    expect(await impactsOf(cutAt(14))).toEqual([]);
    expect(await impactsOf(cutAt(18))).toHaveLength(1);
  });

  it('tells where it is at the start and at cuts', async () => {
    const pictures = steady(30, 25).map((picture, i) => ({ ...picture, ...(i < 15 ? {} : { scene: 1, level: 180 }) }));
    const told = await toldOf(filmOf(pictures), { ...options, sensitivity: 0 });
    expect(told[0]?.sounds).toEqual([
      { kind: 'cut', atUs: 0, room: 'medium' },
      { kind: 'bed', atUs: 0, bed: 'room', level: 1 },
    ]);
    expect(told[15]?.sounds).toEqual([
      { kind: 'cut', atUs: 600_000, room: 'outdoors' },
      { kind: 'bed', atUs: 600_000, bed: 'room', level: 0 },
      { kind: 'bed', atUs: 600_000, bed: 'water', level: 0.7 },
    ]);
    expect(told.filter(({ sounds }) => sounds.length > 0)).toHaveLength(2);
  });

  it('hears nothing when pictures stand still and then go on elsewhere', async () => {
    await tinyModel(inFolder('tiny'), { 'model.onnx': tinyStep({ onset: change }) });
    const before = steady(12, 25);
    const after = steady(12, 25, [], 5_000_000).map((picture) => ({ ...picture, level: 180 }));
    const told = await toldOf(filmOf([...before, ...after]), options);
    expect(cuesOf(told, 'impact')).toEqual([]);
    expect(cuesOf(told, 'cut').map(({ atUs }) => atUs)).toEqual([0, 5_000_000]);
    // The same without a pause is an impact for that network.
    const unbroken = [...before, ...steady(12, 25, [], 480_000).map((picture) => ({ ...picture, level: 180 }))];
    expect(await impactsOf(unbroken)).toHaveLength(1);
  });

  it('begins anew where time jumps back', async () => {
    const again = steady(12, 25, [6]);
    const told = await toldOf(filmOf([...steady(12, 25, [6], 2_000_000), ...again]), options);
    expect(cuesOf(told, 'impact').map(({ atUs }) => atUs)).toEqual([2_240_000, 240_000]);
    expect(told.filter(({ sounds }) => sounds.some(({ kind }) => kind === 'impact')).map(({ index }) => index)).toEqual(
      [6, 18],
    );
  });

  it('hears what is seen in the last picture', async () => {
    expect(await impactsOf(steady(11, 25, [10]))).toMatchObject([{ atUs: 400_000 }]);
  });

  it('gives the same whatever the pace, and however many workers there are', async () => {
    const pictures = steady(60, 29.97, [10, 25, 44]);
    const told = await toldOf(filmOf(pictures), options);
    await using workers = new InferencePool({ workers: 2 });
    expect(await toldOf(slowly(pictures), { ...options, pool: workers })).toEqual(told);
    expect(cuesOf(told, 'impact')).toHaveLength(3);
  });

  it('says the same of a film that it joins later, once it has watched for a while', async () => {
    // A network that never forgets what it has seen.
    await tinyModel(inFolder('tiny'), { 'model.onnx': tinyStep({ onset: counted }) });
    const pictures = steady(440, 25);
    const whole = await toldOf(filmOf(pictures), options);
    const later = await toldOf(filmOf(pictures.slice(37)), options);
    const from = 37 + foleyDefinition.warmupFrames(foleyOptions.parse({}));
    const tail = (told: readonly Told[]) =>
      told.filter(({ ptsUs }) => ptsUs >= from * 40_000).map(({ ptsUs, sounds }) => ({ ptsUs, sounds }));
    expect(cuesOf(tail(whole) as Told[], 'impact').length).toBeGreaterThan(0);
    expect(tail(later)).toEqual(tail(whole));
  });

  it.each([
    [1, 1],
    [3, 7],
    [4096, 16],
  ])('takes pictures of %i×%i', async (width, height) => {
    const pictures = steady(12, 25, [6]).map((picture) => ({ ...picture, width, height }));
    expect(await impactsOf(pictures)).toHaveLength(1);
  });

  it('takes pictures of ten bits, and those that are shown turned', async () => {
    const ten = steady(12, 25, [6]).map((picture) => ({ ...picture, pixelFormat: 'yuv420p10' as const }));
    expect(await impactsOf(ten)).toHaveLength(1);
    expect(await impactsOf(steady(12, 25, [6]).map((picture) => ({ ...picture, rotation: 90 })))).toHaveLength(1);
  });

  it('fails with what is wrong with the model', async () => {
    const failing = async (...change: Parameters<typeof tinyModel> extends [string, ...infer Rest] ? Rest : never) => {
      await tinyModel(inFolder('tiny'), ...change);
      return expectFailure(filmOf(steady(2, 25)), options);
    };
    expect(() => foley({ model: inFolder('none'), pool })).toThrow(
      expect.objectContaining({ code: 'MODEL_NOT_FOUND' }),
    );
    expect(await failing(undefined, { task: 'pose' })).toMatchObject({ code: 'OPTION_INVALID' });
    const unknown = { ...tinyAdapter, materials: tinyAdapter.materials.with(0, 'stone') };
    expect(await failing(undefined, { adapter: unknown })).toMatchObject({ context: { unknown: 'stone' } });
    expect(await failing({ 'model.onnx': tinyLook() })).toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('counts impacts by what happens, and pictures that it looked at', async () => {
    const metrics = new GraphMetrics();
    const meter = metrics.addNode('foley', 1);
    await toldOf(filmOf(steady(40, 50, [20])).pipe(tapFrames((sample) => meter.entered(sample))), options);
    const [{ figures, cadence, modelMs } = {}] = metrics.snapshot();
    expect(figures).toEqual([{ name: 'foley_impacts_total', type: 'counter', labels: { action: 'step' }, value: 1 }]);
    // Every second one, and the last one, which stands for what would follow.
    expect(cadence).toMatchObject({ fresh: 21, carried: 19 });
    expect(modelMs?.total).toBeGreaterThan(0);
  });
});

describe('foley in graphs', () => {
  it('is an operator of which sound can be made, and says what it needs', () => {
    expect(isSoundOperator(foleyDefinition)).toBe(true);
    const graph = createGraph({ nodes: { foley: { use: 'foley' } } }, { operators: builtinOperators });
    expect(graph.warmupFrames()).toBe(390);
    expect(graph.poolSize().minimum).toBe(MOST_HELD);
  });

  it('needs nothing where it shall never be heard', () => {
    const graph = createGraph(
      { nodes: { foley: { use: 'foley', with: { when: 'never' } } } },
      { operators: builtinOperators },
    );
    expect(graph.warmupFrames()).toBe(0);
    expect(graph.poolSize().minimum).toBe(1);
  });

  it('has a named graph', async () => {
    const graph = await loadGraph('foley', { operators: builtinOperators });
    expect(graph.nodes.map(({ name }) => name)).toEqual(['foley']);
  });
});

/** Each picture when the loop has turned some times. */
function slowly(pictures: readonly Picture[]): Observable<VideoSample> {
  return new Observable((subscriber) => {
    const produce = async (): Promise<void> => {
      for (const [index, picture] of pictures.entries()) {
        for (let turn = 0; turn < (index * 7) % 5; turn++) await new Promise((resolve) => setImmediate(resolve));
        subscriber.next(paintedSample(picture, index));
      }
      subscriber.complete();
    };
    void produce();
  });
}

async function expectFailure(source: Observable<VideoSample>, options: FoleyOptions): Promise<unknown> {
  let failure: unknown;
  await expectBalanced(async () => {
    failure = (await collect(source.pipe(foley(options)))).error;
  });
  return failure;
}
