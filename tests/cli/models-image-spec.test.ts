import { describe, expect, it } from 'vitest';
import { parseImageSpec } from '../../cli/models/parse-image-spec.js';

const parse = (text: string) => parseImageSpec('--input', text);

describe('a description of an image', () => {
  it.each([
    ['image:rgb:0-255', { layout: 'NCHW', channels: 'RGB', range: [0, 255] }],
    ['image:bgr:0-1', { layout: 'NCHW', channels: 'BGR', range: [0, 1] }],
    ['image:gray:0-1', { layout: 'NCHW', channels: 'gray', range: [0, 1] }],
    ['IMAGE:Grey:-1..1', { layout: 'NCHW', channels: 'gray', range: [-1, 1] }],
    ['image:rgb:-1-1:nhwc', { layout: 'NHWC', channels: 'RGB', range: [-1, 1] }],
    ['image:rgb:0-1:float16', { layout: 'NCHW', channels: 'RGB', range: [0, 1], dtype: 'float16' }],
    ['image:rgb:0-1:mean=0.5:std=0.5', { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }],
    ['image:rgb:0-255:mean=123.675,116.28,103.53', { mean: [123.675, 116.28, 103.53] }],
    ['image:bgr:0-255:size=416x320:fit=letterbox', { size: [416, 320], fit: 'letterbox' }],
    ['image:rgb:0-1:scale=4', { scale: 4 }],
  ])('%s is read', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each([
    ['picture:rgb:0-1', /--input "picture:rgb:0-1": it must begin with "image", got "picture"; it is written image:/],
    ['image:cmyk:0-1', /channels must be rgb, bgr or gray, got "cmyk"/],
    ['image:rgb', /the range must be LOW-HIGH .* got ""/],
    ['image:rgb:1-0', /the range must be LOW-HIGH .* got "1-0"/],
    ['image:rgb:0-1:chwn', /"chwn" may be nhwc, nchw, float32/],
    ['image:rgb:0-1:mean=1,2', /"mean=1,2" must have one number or 3/],
    ['image:gray:0-1:mean=1,2,3', /must have one number or 1/],
    ['image:rgb:0-1:mean=', /must have one number or 3/],
    ['image:rgb:0-1:std=0', /must be greater than 0/],
    ['image:rgb:0-1:size=416', /must be HEIGHTxWIDTH/],
    ['image:rgb:0-1:fit=squeeze', /fit may be letterbox, stretch/],
    ['image:rgb:0-1:scale=99', /from 1 to 16/],
    ['image:rgb:0-1:gamma=2', /there is no "gamma"/],
  ])('%s is refused', (text, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
