import { stat } from 'node:fs/promises';
import {
  AV_DISPOSITION_ATTACHED_PIC,
  AV_FIELD_BB,
  AV_FIELD_BT,
  AV_FIELD_PROGRESSIVE,
  AV_FIELD_TB,
  AV_FIELD_TT,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVFMT_TS_DISCONT,
  AVMEDIA_TYPE_ATTACHMENT,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_SUBTITLE,
  AVMEDIA_TYPE_VIDEO,
  type AVMediaType,
  type AVPixelFormat,
} from 'node-av/constants';
import {
  avChannelLayoutDescribe,
  avGetCodecName,
  avGetPixFmtName,
  CodecContext,
  type CodecParameters,
  type FormatContext,
  type Stream,
} from 'node-av/lib';
import { type Microseconds, type Rational, rationalValue, toMicroseconds } from '../../pipeline/index.js';
import type { FilmInfo, TrackInfo, TrackKind, VideoInfo } from '../film.js';
import { hasTime, rational, tags } from './av.js';
import { readChapters } from './chapters.js';
import { dispositionNames } from './dispositions.js';
import { type InputOptions, openInput } from './input.js';
import { colorTagsOf } from './picture-copy.js';
import { intakeOf } from './pixel-formats.js';

const MICROSECONDS: Rational = { num: 1, den: 1_000_000 };

/**
 * Says what is in a file without decoding it (beyond what FFmpeg needs to know its tracks).
 *
 * @throws VitascopeError `INPUT_NOT_FOUND` or `INPUT_UNREADABLE`.
 */
export async function probe(path: string, options: InputOptions = {}): Promise<FilmInfo> {
  const context = await openInput(path, options);
  try {
    return await describeFilm(path, context);
  } finally {
    await context.closeInput();
  }
}

/** {@link probe} for a container that is already open. */
export async function describeFilm(path: string, context: FormatContext): Promise<FilmInfo> {
  const us = (ticks: bigint): Microseconds | undefined =>
    hasTime(ticks) && ticks !== 0n ? toMicroseconds(ticks, MICROSECONDS) : undefined;
  const size = await stat(path).catch(() => undefined);
  const durationUs = us(context.duration);
  return {
    path,
    container: context.iformat?.name ?? 'unknown',
    containerLongName: context.iformat?.longName ?? 'unknown',
    bytes: size?.size ?? 0,
    startUs: us(context.startTime) ?? 0,
    durationUs: durationUs !== undefined && durationUs > 0 ? durationUs : undefined,
    bitRate: context.bitRate > 0n ? Number(context.bitRate) : undefined,
    metadata: tags(context.metadata),
    chapters: await readChapters(path),
    tracks: context.streams.map(describeTrack),
    video: describeVideo(context, durationUs),
    arbitraryOrigin: ((context.iformat?.flags ?? 0) & AVFMT_TS_DISCONT) !== 0,
  };
}

const kinds = new Map<AVMediaType, TrackKind>([
  [AVMEDIA_TYPE_VIDEO, 'video'],
  [AVMEDIA_TYPE_AUDIO, 'audio'],
  [AVMEDIA_TYPE_SUBTITLE, 'subtitle'],
  [AVMEDIA_TYPE_ATTACHMENT, 'attachment'],
]);

function describeTrack(stream: Stream): TrackInfo {
  const { codecpar } = stream;
  const kind = kinds.get(codecpar.codecType) ?? 'data';
  const metadata = tags(stream.metadata);
  const timeBase = rational(stream.timeBase);
  const time = (ticks: bigint): Microseconds | undefined =>
    hasTime(ticks) && timeBase.den > 0 ? toMicroseconds(ticks, timeBase) : undefined;
  return {
    index: stream.index,
    kind,
    codec: avGetCodecName(codecpar.codecId) ?? 'unknown',
    language: metadata.language,
    title: metadata.title ?? metadata.filename,
    dispositions: dispositionNames(stream.disposition),
    startUs: time(stream.startTime),
    durationUs: time(stream.duration),
    bitRate: codecpar.bitRate > 0n ? Number(codecpar.bitRate) : undefined,
    audio:
      kind === 'audio'
        ? {
            sampleRate: codecpar.sampleRate,
            channels: codecpar.channels,
            layout: avChannelLayoutDescribe(codecpar.channelLayout) ?? `${codecpar.channels} channels`,
          }
        : undefined,
    metadata,
  };
}

/** The track a film is about: FFmpeg's best video track that is not a cover picture. */
export function videoStreamOf(context: FormatContext): Stream | undefined {
  const best = context.findBestStream(AVMEDIA_TYPE_VIDEO, -1, -1);
  const isFilm = (s: Stream | undefined): s is Stream =>
    s?.codecpar.codecType === AVMEDIA_TYPE_VIDEO && !(s.disposition & AV_DISPOSITION_ATTACHED_PIC);
  const streams = context.streams;
  return isFilm(streams[best]) ? streams[best] : streams.find(isFilm);
}

function describeVideo(context: FormatContext, durationUs: Microseconds | undefined): VideoInfo | undefined {
  const stream = videoStreamOf(context);
  if (stream === undefined || stream.codecpar.width === 0) return undefined;
  const { codecpar } = stream;
  const sourcePixelFormat = avGetPixFmtName(codecpar.format as AVPixelFormat) ?? 'unknown';
  const intake = intakeOf(sourcePixelFormat);
  const color = colorTagsOf(codecpar as never);
  const average = rational(stream.avgFrameRate);
  const base = rational(stream.rFrameRate);
  const frameRate = rationalValue(average) > 0 ? average : base;
  const streamSar = rational(stream.sampleAspectRatio);
  return {
    trackIndex: stream.index,
    codec: avGetCodecName(codecpar.codecId) ?? 'unknown',
    sourcePixelFormat,
    pixelFormat: intake.pixelFormat,
    width: codecpar.width,
    height: codecpar.height,
    sampleAspectRatio: streamSar.num > 0 ? streamSar : rational(codecpar.sampleAspectRatio),
    color: intake.fullRange ? { ...color, range: 'pc' } : color,
    timeBase: rational(stream.timeBase),
    frameRate,
    variableFrameRate: isVariable(average, base),
    fieldOrder: fieldOrderOf(codecpar),
    rotation: rotationOf(codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX)),
    frames: frameCount(stream, frameRate, durationUs),
  };
}

function isVariable(average: Rational, base: Rational): boolean {
  const [a, b] = [rationalValue(average), rationalValue(base)];
  return a > 0 && b > 0 && Math.abs(a - b) / b > 0.005;
}

function frameCount(stream: Stream, rate: Rational, filmUs: Microseconds | undefined): VideoInfo['frames'] {
  if (stream.nbFrames > 0n) return { count: Number(stream.nbFrames), exact: true };
  const own =
    hasTime(stream.duration) && stream.duration > 0n ? toMicroseconds(stream.duration, stream.timeBase) : filmUs;
  if (own === undefined || rationalValue(rate) === 0) return undefined;
  return { count: Math.max(1, Math.round((own / 1e6) * rationalValue(rate))), exact: false };
}

/** node-av shows `AVCodecParameters.field_order` only as an option of a codec context. */
function fieldOrderOf(codecpar: CodecParameters): VideoInfo['fieldOrder'] {
  const context = new CodecContext();
  context.allocContext3(null);
  try {
    context.parametersToContext(codecpar);
    const order = Number(context.getOption('field_order'));
    return fieldOrders.get(order) ?? 'unknown';
  } finally {
    context.freeContext();
  }
}

const fieldOrders = new Map<number, VideoInfo['fieldOrder']>([
  [AV_FIELD_PROGRESSIVE, 'progressive'],
  [AV_FIELD_TT, 'top-first'],
  [AV_FIELD_BT, 'top-first'],
  [AV_FIELD_BB, 'bottom-first'],
  [AV_FIELD_TB, 'bottom-first'],
]);

/**
 * Degrees clockwise of a display matrix: 3×3 little-endian int32, 16.16 fixed point in its upper-left part
 * (ISO/IEC 14496-12, 6.2.2); FFmpeg's `av_display_rotation_get` with the sign turned.
 */
export function rotationOf(matrix: Buffer | null): number {
  if (matrix === null || matrix.length < 36) return 0;
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
}
