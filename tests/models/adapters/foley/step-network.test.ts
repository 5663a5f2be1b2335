import { afterAll, describe, expect, it } from 'vitest';
import { openFoleyNetworks } from '../../../../models/adapters/foley/open-foley-networks.js';
import { type StepPicture, stackedPictures, turnedPicture } from '../../../../models/adapters/foley/step-picture.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { modelInFolder } from '../../../../models/library/embedded-models.js';
import { GraphBuilder } from '../../../../models/onnx/graph-builder.js';
import { inlineTensor } from '../../../../models/tensor.js';
import { unspecifiedColor } from '../../../../pipeline/picture.js';
import { testFrame } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { SIDE, tinyAdapter, tinyLook, tinyModel, tinyStep } from '../../../operators/foley/see/tiny-foley.js';
import { failure } from '../../helpers.js';

const pool = new InferencePool({ workers: 1 });
afterAll(() => pool.dispose());

const pictureOf = (side: number, value: (channel: number, x: number, y: number) => number): StepPicture => {
  const data = Uint8Array.from({ length: 3 * side * side }, (_, i) => {
    const at = i % (side * side);
    return value(Math.floor(i / side / side), at % side, Math.floor(at / side));
  });
  return inlineTensor('uint8', [1, 3, side, side], data);
};

describe('a network of steps', { timeout: 60_000 }, () => {
  const inFolder = workspace();
  const opened = async (
    ...[files, changes]: [files?: Record<string, Uint8Array>, changes?: Record<string, unknown>]
  ) => {
    const model = await modelInFolder(await tinyModel(inFolder('tiny'), files, changes));
    if (model === undefined) throw new Error('the model cannot be read');
    return openFoleyNetworks(model, pool);
  };

  it('remembers what it is given to remember, and nothing else', async () => {
    const counting = tinyStep({ onset: (_graph, { count }) => count });
    const networks = await opened({ 'model.onnx': counting });
    await using _ = networks;
    const picture = pictureOf(SIDE, () => 0);
    const [one, other] = [networks.step.begin(), networks.step.begin()];
    const counted: number[] = [];
    for (const states of [one, one, other, one]) counted.push((await networks.step.step(picture, states)).onset);
    expect(counted).toEqual([1, 2, 1, 3]);
  });

  it('tells of the step so long ago', async () => {
    const networks = await opened();
    await using _ = networks;
    const states = networks.step.begin();
    const said: number[] = [];
    for (const light of [255, 0, 0, 51, 0])
      said.push(
        (
          await networks.step.step(
            pictureOf(SIDE, () => light),
            states,
          )
        ).onset,
      );
    expect(said.map((value) => Math.round(10 * value))).toEqual([0, 0, 0, 10, 0]);
  });

  it.each(['yuv420p', 'yuv420p10', 'yuv444p'] as const)('sees a frame of %s in its colours', async (pixelFormat) => {
    const networks = await opened();
    await using _ = networks;
    const color = { ...unspecifiedColor, matrix: 1, range: 'tv' as const };
    const frame = testFrame(0, { pixelFormat, width: 64, height: 48, color });
    const unit = frame.bitDepth === 8 ? 1 : 4;
    // Red in BT.709.
    for (const [plane, code] of [63, 102, 240].entries()) frame.plane(plane as 0 | 1 | 2).fill(code * unit);
    const { data, shape } = await networks.step.see(frame);
    frame.close();
    expect(shape).toEqual([1, 3, SIDE, SIDE]);
    const pixels = SIDE * SIDE;
    for (const [channel, expected] of [255, 0, 0].entries()) {
      for (const value of data.subarray(channel * pixels, (channel + 1) * pixels)) {
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(2);
      }
    }
  });

  it.each([
    [90, [0.9, 0.1]],
    [180, [0.9, 0.9]],
    [270, [0.1, 0.9]],
  ] as const)('sees what is shown turned by %i degrees as viewers do', async (rotation, [x, y]) => {
    const networks = await opened();
    await using _ = networks;
    const frame = testFrame(0, { width: 64, height: 48, rotation });
    for (const plane of [0, 1, 2] as const) frame.plane(plane).fill(plane === 0 ? 16 : 128);
    // Light in the left upper corner of what is stored.
    for (let row = 0; row < 12; row++) frame.plane(0).fill(235, row * 64, row * 64 + 16);
    const { data } = await networks.step.see(frame);
    frame.close();
    expect(data[Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE)]).toBeGreaterThan(240);
    expect(data.filter((value) => value > 128)).toHaveLength(3 * 16);
  });

  it('looks at what is hit where it can', async () => {
    const without = await opened();
    await using _ = without;
    expect(without.look).toBeUndefined();
    const networks = await opened({ 'model.onnx': tinyStep(), 'look.onnx': tinyLook() });
    await using __ = networks;
    const pictures = [0, 4, 9].map((value) => pictureOf(SIDE, () => value));
    const look = await networks.look?.look(pictures, [0.25, 0.5]);
    expect([...(look?.material ?? [])].indexOf(0.5)).toBe(4);
    expect(look?.action[1]).toBeCloseTo(0.6, 6);
    expect(look?.position).toEqual([0.75, 0.5]);
  });

  it.each([
    ['another family', undefined, { family: 'posenet' }],
    ['no parameters', undefined, { adapter: {} }],
    ['other numbers of classes', undefined, { adapter: { ...tinyAdapter, beds: ['room'] } }],
    ['another graph', { 'model.onnx': tinyLook() }, undefined],
    ['a state that does not come out', { 'model.onnx': forgetful() }, undefined],
    [
      'a look at more pictures than it is shown',
      { 'model.onnx': tinyStep(), 'look.onnx': tinyLook() },
      { adapter: { ...tinyAdapter, lookMoments: [0] } },
    ],
    ['a look at other pictures', { 'model.onnx': tinyStep(), 'look.onnx': tinyStep() }, undefined],
    ['a broken file', { 'model.onnx': Uint8Array.of(1, 2, 3) }, undefined],
  ])('refuses %s', async (_, files, changes) => {
    expect(await failure(opened(files, changes))).toMatchObject({ code: 'MODEL_INVALID' });
    expect(pool.metrics().models).toEqual([]);
  });
});

describe('pictures of steps', () => {
  it('are stacked in their order', () => {
    const pictures = [0, 1].map((k) => pictureOf(4, (channel, x, y) => 100 * k + 20 * channel + 4 * y + x));
    const { data, shape } = stackedPictures(pictures);
    expect(shape).toEqual([1, 6, 4, 4]);
    expect([data[0], data[15], data[16], data[48], data[95]]).toEqual([0, 15, 20, 100, 155]);
  });

  it('are turned back by turning on', () => {
    const picture = pictureOf(5, (channel, x, y) => 50 * channel + 7 * y + x);
    expect(turnedPicture(turnedPicture(picture, 90), 270)).toEqual(picture);
    expect(turnedPicture(turnedPicture(picture, 180), 180)).toEqual(picture);
    expect(turnedPicture(turnedPicture(picture, 90), 90)).toEqual(turnedPicture(picture, 180));
    expect(() => turnedPicture(picture, 45)).toThrow(expect.objectContaining({ code: 'FRAME_FORMAT' }));
  });
});

/** Takes a state, and gives nothing back for it. */
function forgetful(): Uint8Array {
  const graph = new GraphBuilder('forgetful');
  const picture = graph.input('picture', 'uint8', [1, 3, SIDE, SIDE]);
  graph.input('state', 'float32', [1, 2]);
  graph.output('onset', graph.cast(picture, 'float32'), 'float32', [1, 3, SIDE, SIDE]);
  return graph.build();
}
