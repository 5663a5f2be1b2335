import type { AdapterParameters } from '../../models/catalog/adapter-parameters.js';
import { VitascopeError } from '../../pipeline/index.js';

type Given<K extends keyof AdapterParameters> = NonNullable<AdapterParameters[K]>;

/** What a person says of an image that a model takes or gives: the image part of a model's adapter parameters. */
export interface ImageSpec {
  layout: Given<'layout'>;
  channels: Given<'channels'>;
  range: Given<'range'>;
  mean?: Given<'mean'>;
  std?: Given<'std'>;
  dtype?: Given<'dtype'>;
  size?: Given<'size'>;
  fit?: Given<'fit'>;
  scale?: Given<'scale'>;
}

/** How such a text is written; for help and for messages. */
export const IMAGE_SPEC =
  'image:rgb|bgr|gray:LOW-HIGH[:nhwc][:uint8|float16|int32][:mean=…][:std=…][:size=HxW][:fit=…]';

const channelNames = { rgb: 'RGB', bgr: 'BGR', gray: 'gray', grey: 'gray', l: 'L', ab: 'ab' } as const;
const channelCounts = { RGB: 3, BGR: 3, gray: 1, L: 1, ab: 2 } as const;
const types = ['float32', 'float16', 'uint8', 'int32'] as const;
const fits = ['letterbox', 'stretch', 'crop', 'height'] as const;

/** Channels of an image that is described so. */
export function channelCount({ channels }: Pick<ImageSpec, 'channels'>): number {
  return channelCounts[channels];
}

/**
 * Reads the description of an image such as `image:rgb:0-255` or `image:bgr:0-1:nhwc:float16:mean=0.5:std=0.5`.
 *
 * @param option The option that it was given to, for messages.
 * @throws VitascopeError `OPTION_INVALID` that says which part is wrong and what may stand there.
 */
export function parseImageSpec(option: string, text: string): ImageSpec {
  const [kind = '', channels = '', range = '', ...rest] = text.split(':');
  const fail = (what: string): VitascopeError =>
    new VitascopeError('OPTION_INVALID', `${option} "${text}": ${what}; it is written ${IMAGE_SPEC}`, {
      context: { option, text },
    });
  if (kind.toLowerCase() !== 'image') throw fail(`it must begin with "image", got "${kind}"`);
  const known = channelNames[channels.toLowerCase() as keyof typeof channelNames];
  if (known === undefined) throw fail(`channels must be rgb, bgr or gray, got "${channels}"`);
  const spec: ImageSpec = { layout: 'NCHW', channels: known, range: parseRange(range, fail) };
  for (const part of rest) applyPart(spec, part, fail);
  return spec;
}

type Fail = (what: string) => VitascopeError;

function parseRange(text: string, fail: Fail): [number, number] {
  const match = /^(-?\d+(?:\.\d+)?)(?:-|\.\.)(-?\d+(?:\.\d+)?)$/.exec(text);
  const [low, high] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || low >= high)
    throw fail(`the range must be LOW-HIGH such as 0-255, 0-1 or -1..1, got "${text}"`);
  return [low, high];
}

function applyPart(spec: ImageSpec, part: string, fail: Fail): void {
  const [name = '', value] = part.split('=', 2);
  const word = name.toLowerCase();
  if (value === undefined) {
    if (word === 'nhwc') spec.layout = 'NHWC';
    else if (word === 'nchw') spec.layout = 'NCHW';
    else if (isOneOf(types, word)) spec.dtype = word;
    else throw fail(`"${part}" may be nhwc, nchw, ${types.join(', ')}`);
    return;
  }
  if (word === 'mean') spec.mean = parsePerChannel(spec, part, value, fail);
  else if (word === 'std') spec.std = parseStd(spec, part, value, fail);
  else if (word === 'size') spec.size = parseSize(part, value, fail);
  else if (word === 'fit' && isOneOf(fits, value)) spec.fit = value;
  else if (word === 'fit') throw fail(`"${part}": fit may be ${fits.join(', ')}`);
  else if (word === 'scale') spec.scale = parseScale(part, value, fail);
  else throw fail(`there is no "${name}"; there are mean, std, size, fit and scale`);
}

function parsePerChannel(spec: ImageSpec, part: string, text: string, fail: Fail): number[] {
  const numbers = text.split(',').map((number) => (number.trim() === '' ? Number.NaN : Number(number)));
  const count = channelCount(spec);
  if (numbers.every(Number.isFinite) && (numbers.length === 1 || numbers.length === count)) {
    return numbers.length === 1 ? Array.from({ length: count }, () => numbers[0] as number) : numbers;
  }
  throw fail(`"${part}" must have one number or ${count}, separated by commas`);
}

function parseStd(spec: ImageSpec, part: string, text: string, fail: Fail): number[] {
  const numbers = parsePerChannel(spec, part, text, fail);
  if (numbers.every((number) => number > 0)) return numbers;
  throw fail(`"${part}" must be greater than 0`);
}

function parseSize(part: string, text: string, fail: Fail): [number, number] {
  const [height, width] = /^([1-9]\d*)[x×]([1-9]\d*)$/i.exec(text)?.slice(1).map(Number) ?? [];
  if (height === undefined || width === undefined) throw fail(`"${part}" must be HEIGHTxWIDTH such as size=416x416`);
  return [height, width];
}

function parseScale(part: string, text: string, fail: Fail): number {
  if (/^([1-9]|1[0-6])$/.test(text)) return Number(text);
  throw fail(`"${part}" must be a whole number from 1 to 16`);
}

function isOneOf<T extends string>(values: readonly T[], value: string): value is T {
  return (values as readonly string[]).includes(value);
}
