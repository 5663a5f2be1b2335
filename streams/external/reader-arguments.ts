import type { Microseconds } from '../../pipeline/index.js';
import type { ReaderRequest } from '../engine.js';
import { fitInside } from '../libav/fit-inside.js';
import { isSequencePattern } from '../libav/input.js';
import { intakeOf } from '../libav/pixel-formats.js';
import type { FfmpegBinary } from './ffmpeg-binary.js';

/**
 * Added to every timestamp on its way through the pipe, and taken away again: NUT holds no negative times, and films that begin
 * before 0 exist.
 */
export const PIPE_OFFSET_US: Microseconds = 86_400_000_000;

/** Quiet but for what a log is read for; each line with its level, and nothing summed up. */
export const logLevel = (level: 'verbose' | 'warning'): string[] => [
  '-hide_banner',
  '-nostdin',
  '-nostats',
  '-loglevel',
  `repeat+level+${level}`,
];

/** NUT as this engine reads it: times untouched, every packet at once, no index that grows. */
export const nutOptions: readonly string[] = [
  '-avoid_negative_ts',
  'disabled',
  '-flush_packets',
  '1',
  '-write_index',
  '0',
  '-f',
  'nut',
];

/** @param seekUs Where to begin, in the container's time; pictures that come earlier than wanted are harmless. */
export function readerInputOptions(request: ReaderRequest, seekUs: Microseconds | undefined): string[] {
  const { path, sequenceRate } = request;
  return [
    ...logLevel('verbose'),
    '-copyts',
    '-noautorotate',
    ...['-flags:v', '+output_corrupt', '-max_error_rate', '1'],
    ...(isSequencePattern(path) ? ['-framerate', String(sequenceRate ?? 24)] : []),
    ...(seekUs === undefined ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', (seekUs / 1e6).toFixed(6)]),
  ];
}

export function readerOutputOptions(binary: FfmpegBinary, request: ReaderRequest): string[] {
  const { trackIndex } = request.video;
  const { via } = intakeOf(request.video.sourcePixelFormat);
  return [
    ...['-map', `0:${trackIndex}`, '-c:v', 'rawvideo', '-filter:v', pictureFilter(request), '-pix_fmt', via],
    ...binary.passthrough,
    ...['-enc_time_base', '-1', '-output_ts_offset', String(PIPE_OFFSET_US / 1e6)],
    ...nutOptions,
  ];
}

/** Passes pictures of the announced size and format as they are; fits others into it, as the bundled engine does. */
function pictureFilter({ video: { width, height, sourcePixelFormat } }: ReaderRequest): string {
  const { via, isRgb } = intakeOf(sourcePixelFormat);
  const matrix = isRgb ? 'out_color_matrix=bt709:out_range=tv' : 'flags=bicubic';
  return fitInside(width, height, matrix, via);
}
