import type { AVPixelFormat } from 'node-av/constants';
import { avcodecFindBestPixFmtOfList, avGetPixFmtFromName, avGetPixFmtName } from 'node-av/lib';
import { type ColorTags, type PictureFormat, VitascopeError } from '../../pipeline/index.js';
import type { EncoderInput, EncodingOptions } from '../encoding.js';
import { evenSides } from '../even-sides.js';
import { codecOptionNames } from '../libav/codec-options.js';
import { avPixelFormats } from '../libav/pixel-formats.js';
import { codesFields } from '../libav/video-encoder.js';
import type { EncoderDescription, FfmpegBinary } from './ffmpeg-binary.js';
import { logLevel, nutOptions } from './reader-arguments.js';

/** Everything about one encoding that the child and a muxer must agree on. */
export interface EncoderSettings {
  /** FFmpeg's name of the encoded pictures' format. */
  readonly pixelFormat: string;
  /** What goes through the pipe: the input, whose sides may be wider. */
  readonly coded: EncoderInput;
  /** Tags of the encoded pictures. */
  readonly color: ColorTags;
  readonly outputOptions: readonly string[];
}

/** The input is a pipe of raw pictures whose headers say everything: nothing is probed, nothing waits. */
export const encoderInputOptions: readonly string[] = [
  ...logLevel('warning'),
  '-copyts',
  ...['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0', '-f', 'nut'],
];

/** @throws VitascopeError `OPTION_INVALID` for an option or pixel format that the encoder does not have. */
export function encoderSettings(
  binary: FfmpegBinary,
  encoder: EncoderDescription,
  options: EncodingOptions,
  input: EncoderInput,
): EncoderSettings {
  const pixelFormat = choosePixelFormat(encoder, input.picture, options.pixelFormat);
  const color = encodedColor(input.picture, pixelFormat);
  return {
    pixelFormat,
    coded: { ...input, picture: { ...input.picture, ...evenSides(encoder.name, pixelFormat, input.picture) } },
    color,
    outputOptions: [
      ...['-map', '0:v:0', '-c:v', encoder.name, '-threads:v', String(options.threads ?? 0), '-pix_fmt', pixelFormat],
      ...['-filter:v', tagFilter(input)],
      ...colorOptions(color),
      ...['-flags:v', input.globalHeader ? '+global_header' : '-global_header'],
      ...fieldOptions(encoder, input),
      ...encoderOptions(encoder, options),
      ...binary.passthrough,
      ...['-enc_time_base', '-1'],
      ...nutOptions,
    ],
  };
}

function encoderOptions(encoder: EncoderDescription, options: EncodingOptions): string[] {
  const { crf, preset } = options;
  const own = { ...(crf === undefined ? {} : { crf: String(crf) }), ...(preset === undefined ? {} : { preset }) };
  for (const name of Object.keys(own)) assertKnown(encoder, name, encoder.options.has(name));
  for (const name of Object.keys(options.options ?? {})) {
    assertKnown(encoder, name, encoder.options.has(name) || name === 'q' || codecOptionNames().has(name));
  }
  return Object.entries({ ...options.options, ...own }).flatMap(([name, value]) => [`-${name}:v`, value]);
}

/** ffmpeg would take any of its own options as well, output files included: only those of encoders pass. */
function assertKnown(encoder: EncoderDescription, name: string, known: boolean): void {
  if (known) return;
  throw new VitascopeError('OPTION_INVALID', `the encoder ${encoder.name} has no option "${name}"`, {
    context: { name },
  });
}

function choosePixelFormat(encoder: EncoderDescription, picture: PictureFormat, wanted: string | undefined): string {
  const own = avPixelFormats[picture.pixelFormat];
  const accepted = encoder.pixelFormats;
  if (wanted !== undefined) {
    if (accepted.length === 0 ? avGetPixFmtFromName(wanted) >= 0 : accepted.includes(wanted)) return wanted;
    throw new VitascopeError(
      'OPTION_INVALID',
      `the encoder ${encoder.name} does not take the pixel format "${wanted}"`,
      {
        context: { wanted },
      },
    );
  }
  const name = nameOf(own);
  if (accepted.length === 0 || accepted.includes(name)) return name;
  const known = accepted.map((format) => avGetPixFmtFromName(format)).filter((format) => format >= 0);
  return known.length === 0 ? (accepted[0] as string) : nameOf(avcodecFindBestPixFmtOfList(known, own));
}

const nameOf = (format: AVPixelFormat): string => avGetPixFmtName(format) ?? 'yuv420p';

/** The `yuvj…` formats are full range by name. */
function encodedColor({ color }: PictureFormat, pixelFormat: string): ColorTags {
  return pixelFormat.startsWith('yuvj') ? { ...color, range: 'pc' } : color;
}

const rangeValue = { unknown: undefined, tv: 1, pc: 2 } as const;
const UNSPECIFIED = 2;

const fieldModes = { progressive: undefined, 'top-first': 'tff', 'bottom-first': 'bff' } as const;

/** Tags the raw pictures, which come without, before anything is made of them. */
function tagFilter({ picture: { color }, fieldOrder = 'progressive' }: EncoderInput): string {
  const values = {
    field_mode: fieldModes[fieldOrder],
    range: rangeValue[color.range],
    colorspace: specified(color.matrix),
    color_primaries: specified(color.primaries),
    color_trc: specified(color.transfer),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? 'null' : `setparams=${given.map(([name, value]) => `${name}=${value}`).join(':')}`;
}

/** Codes the two fields of a picture as such, where the encoder can. */
function fieldOptions(encoder: EncoderDescription, { fieldOrder = 'progressive' }: EncoderInput): string[] {
  return fieldOrder === 'progressive' || !codesFields.test(encoder.name) ? [] : ['-flags:v', '+ildct+ilme'];
}

function colorOptions(color: ColorTags): string[] {
  const values = {
    color_range: rangeValue[color.range],
    colorspace: specified(color.matrix),
    color_primaries: specified(color.primaries),
    color_trc: specified(color.transfer),
    chroma_sample_location: color.chromaLocation === 0 ? undefined : color.chromaLocation,
  };
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`-${name}:v`, String(value)]));
}

const specified = (value: number): number | undefined => (value === UNSPECIFIED ? undefined : value);
