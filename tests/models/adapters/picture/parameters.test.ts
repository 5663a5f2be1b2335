import { describe, expect, it } from 'vitest';
import { clipBox, cropAround } from '../../../../models/adapters/picture/crop-stage.js';
import { imageParameters } from '../../../../models/adapters/picture/image-parameters.js';
import { imageInput, inputSize } from '../../../../models/adapters/picture/input-size.js';
import { placementFeeds, placePicture, toPicture } from '../../../../models/adapters/picture/letterbox.js';
import { displaySize, placeFrame } from '../../../../models/adapters/picture/place-frame.js';
import { yuvMatrices } from '../../../../models/adapters/picture/yuv-matrices.js';
import { builtinCatalog } from '../../../../models/catalog/load-catalog.js';
import type { TensorSpec } from '../../../../models/tensor.js';
import { type PixelFormat, unspecifiedColor } from '../../../../pipeline/picture.js';

const square = { num: 1, den: 1 };
const spec = (...shape: (number | string)[]): TensorSpec => ({ name: 'image', type: 'float32', shape });

describe('the parameters of an image', () => {
  it('are those of the catalog, in the terms of the stages', () => {
    const parameters = imageParameters('test', {
      layout: 'NHWC',
      channels: 'BGR',
      range: [-1, 1],
      fit: 'letterbox',
      pad: 0,
      dtype: 'uint8',
      interpolation: 'area',
    });
    expect(parameters).toEqual({
      format: { layout: 'NHWC', channels: 'BGR', range: [-1, 1], dtype: 'uint8' },
      fit: { fit: 'letterbox', anchor: 'centre' },
      pad: 127.5,
      interpolation: 'area',
    });
  });

  it('follow the file where it has another element type', () => {
    expect(imageParameters('test', { dtype: 'int32' }, 'float32').format.dtype).toBe('float32');
  });

  it('pad with black unless they say otherwise', () => {
    expect(imageParameters('test', { range: [-1, 1], fit: 'letterbox' }).pad).toBe(0);
  });

  it.each([{ channels: 'ab' }, { channels: 'L' }, { fit: 'height' }] as const)('are not %o', (adapter) => {
    expect(() => imageParameters('test', adapter)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });

  it('can be made for every model of the catalog that finds, classifies, embeds or measures', () => {
    const families = ['yolox', 'fastestdet', 'rtmdet', 'detr', 'ssd-rfb', 'posenet', 'movenet-single', 'movenet-multi'];
    const others = ['rtmpose', 'rtmo', 'imagenet-classify', 'image-embed', 'image-depth'];
    const entries = builtinCatalog().filter(({ family }) => [...families, ...others].includes(family));
    expect(entries.length).toBeGreaterThan(15);
    for (const { id, adapter } of entries) {
      expect(() => imageParameters(id, adapter)).not.toThrow();
      const open = imageInput(id, spec(1, ...(adapter.layout === 'NHWC' ? ['h', 'w', 3] : [3, 'h', 'w'])), adapter);
      expect(inputSize(id, open, adapter).width).toBeGreaterThan(0);
    }
  });
});

describe('the size of an input', () => {
  it('is the file’s, where it has one', () => {
    const input = imageInput('test', spec(16, 3, 256, 128), {});
    expect(input).toMatchObject({ batch: 16, size: { width: 128, height: 256 } });
    expect(inputSize('test', input, { size: [64, 64] })).toEqual({ width: 128, height: 256 });
  });

  it('is read in rows where the layout says so', () => {
    expect(imageInput('test', spec(1, 192, 160, 3), { layout: 'NHWC' }).size).toEqual({ width: 160, height: 192 });
  });

  it('is the catalog’s, where the file leaves it open', () => {
    const input = imageInput('test', spec('n', 3, 'h', 'w'), {});
    expect(input).toMatchObject({ batch: undefined, size: undefined });
    expect(inputSize('test', input, { size: [320, 640] })).toEqual({ width: 640, height: 320 });
  });

  it.each([
    [
      { width: 640, height: 480 },
      { width: 481, height: 353 },
    ],
    [
      { width: 480, height: 640 },
      { width: 353, height: 481 },
    ],
    [
      { width: 1920, height: 1080 },
      { width: 545, height: 305 },
    ],
    [
      { width: 4000, height: 100 },
      { width: 1025, height: 129 },
    ],
  ])('follows the shape of the picture in steps: %o', (picture, size) => {
    const adapter = {
      size: [353, 481] as [number, number],
      multipleOf: 16,
      multiplePlus: 1,
      sizeRange: [129, 1025] as [number, number],
    };
    const input = imageInput('test', spec(1, 'h', 'w', 3), { layout: 'NHWC' });
    expect(inputSize('test', input, adapter, { ...picture, sampleAspectRatio: square })).toEqual(size);
  });

  it('must be known', () => {
    const input = imageInput('test', spec(1, 3, 'h', 'w'), {});
    expect(() => inputSize('test', input, {})).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });

  it.each([undefined, spec(1, 5), spec(1, 7, 8, 8)])('is none of %o', (wrong) => {
    expect(() => imageInput('test', wrong, {})).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });
});

describe('a picture on a canvas', () => {
  const canvas = { width: 416, height: 416 };

  it.each([
    ['letterbox', { fit: 'letterbox' }, { left: 0, top: 0, inner: { width: 416, height: 312 } }],
    [
      'letterbox, centre',
      { fit: 'letterbox', anchor: 'centre' },
      { left: 0, top: 52, inner: { width: 416, height: 312 } },
    ],
    ['letterbox, not enlarged', { fit: 'letterbox', enlarge: false }, { inner: { width: 320, height: 240 } }],
    ['stretch', { fit: 'stretch' }, { left: 0, top: 0, inner: canvas }],
    ['crop', { fit: 'crop' }, { left: -70, top: 0, inner: { width: 555, height: 416 } }],
    [
      'crop after a larger resize',
      { fit: 'crop', short: 480 },
      { left: -112, top: -32, inner: { width: 640, height: 480 } },
    ],
    ['crop that must fill', { fit: 'crop', short: 100 }, { left: -70, top: 0, inner: { width: 555, height: 416 } }],
  ] as const)('lies as it should: %s', (_, fit, placement) => {
    expect(placePicture({ width: 320, height: 240 }, canvas, fit)).toMatchObject(placement);
  });

  it.each([
    { width: 640, height: 427 },
    { width: 333, height: 1001 },
    { width: 1, height: 1 },
    { width: 9999, height: 3 },
  ])('is found again: %o', (picture) => {
    for (const fit of ['letterbox', 'stretch', 'crop'] as const) {
      const placement = placePicture(picture, canvas, { fit, anchor: 'centre' });
      const { left, top, inner } = placement;
      expect(toPicture(placement, left, top)).toEqual({ x: 0, y: 0 });
      const corner = toPicture(placement, left + inner.width, top + inner.height);
      expect(corner.x).toBeCloseTo(picture.width, 9);
      expect(corner.y).toBeCloseTo(picture.height, 9);
    }
  });

  it('has margins that fill the canvas', () => {
    const { innerSize, margins } = placementFeeds(
      placePicture({ width: 320, height: 240 }, canvas, { fit: 'letterbox', anchor: 'centre' }),
    );
    expect([...innerSize.data]).toEqual([312n, 416n]);
    expect([...margins.data]).toEqual([52n, 0n, 52n, 0n]);
  });

  it('is as wide as a viewer sees it', () => {
    const pal = { width: 720, height: 576, sampleAspectRatio: { num: 16, den: 15 } };
    expect(displaySize(pal)).toEqual({ width: 768, height: 576 });
    const placement = placeFrame(pal, canvas, { fit: 'letterbox' });
    expect(placement.inner).toEqual({ width: 416, height: 312 });
    expect(toPicture(placement, 416, 312)).toEqual({ x: expect.closeTo(720, 9), y: expect.closeTo(576, 9) });
    expect(displaySize({ ...pal, sampleAspectRatio: { num: 0, den: 1 } }).width).toBe(720);
  });
});

describe('boxes', () => {
  const frame = { width: 200, height: 100, sampleAspectRatio: square };

  it('grow to the proportions of a crop', () => {
    expect(cropAround([80, 40, 120, 60], { width: 192, height: 256 }, 1, frame)).toEqual([
      80,
      50 - 80 / 3,
      120,
      50 + 80 / 3,
    ]);
    expect(cropAround([90, 20, 110, 80], { width: 64, height: 64 }, 1.5, frame)).toEqual([55, 5, 145, 95]);
  });

  it('grow as a viewer sees them', () => {
    const wide = { ...frame, sampleAspectRatio: { num: 2, den: 1 } };
    expect(cropAround([80, 40, 100, 60], { width: 64, height: 64 }, 1, wide)).toEqual([80, 30, 100, 70]);
  });

  it('are clipped to the picture, or are nothing', () => {
    expect(clipBox([-5, 10, 300, 50], frame)).toEqual([0, 10, 200, 50]);
    expect(clipBox([210, 10, 300, 50], frame)).toBeUndefined();
    expect(clipBox([10, 50, 20, 50], frame)).toBeUndefined();
  });
});

describe('colours', () => {
  const picture = (pixelFormat: PixelFormat, height: number, changes: object) => ({
    pixelFormat,
    height,
    color: { ...unspecifiedColor, ...changes },
  });
  const product = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
    Array.from({ length: 12 }, (_, i) => {
      const [row, column] = [Math.floor(i / 4), i % 4];
      const sum = [0, 1, 2].reduce((total, k) => total + (a[4 * row + k] ?? 0) * (b[4 * k + column] ?? 0), 0);
      return sum + (column === 3 ? (a[4 * row + 3] ?? 0) : 0);
    });

  it.each([
    picture('yuv420p', 480, {}),
    picture('yuv420p10', 1080, { range: 'pc' }),
    picture('yuv444p', 2160, { matrix: 9 }),
  ])('go there and back: %o', (coded) => {
    const { toRgb, fromRgb } = yuvMatrices(coded);
    product(toRgb.data as Float32Array, fromRgb.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo(i % 5 === 0 ? 1 : 0, 2);
    });
  });

  it('without a tag are those of HD from 720 rows on', () => {
    const red = (height: number): number => Number(yuvMatrices(picture('yuv420p', height, {})).toRgb.data[2]);
    expect(red(719)).toBeCloseTo((1.402 * 255) / 224, 4);
    expect(red(720)).toBeCloseTo((1.5748 * 255) / 224, 4);
  });
});
