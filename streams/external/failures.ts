import { type ErrorCode, VitascopeError } from '../../pipeline/index.js';
import type { FfmpegEnd } from './ffmpeg-process.js';
import type { StderrLog } from './stderr-log.js';

/** What a line of standard error means, when the child has failed. The first that matches any line decides. */
type Meanings = readonly (readonly [RegExp, ErrorCode])[];

const reading: Meanings = [
  [/Decoder .*not found|no decoder found/i, 'DECODER_MISSING'],
  [/No such file or directory|Permission denied/i, 'INPUT_NOT_FOUND'],
  [/matches no streams/i, 'INPUT_NO_VIDEO'],
  [/Invalid data found when processing input|moov atom not found|Error opening input/i, 'INPUT_UNREADABLE'],
];

const encoding: Meanings = [
  [/No space left on device|Disk quota exceeded/i, 'OUTPUT_DISK_FULL'],
  [/Unknown encoder|Automatic encoder selection failed/i, 'ENCODER_UNKNOWN'],
  [
    /Unrecognized option|Option .* not found|Undefined constant or missing|Unable to parse .*value|Error setting (option|preset)|Error parsing option|Value .* out of range|Invalid value .* for option/i,
    'OPTION_INVALID',
  ],
  [
    /while opening encoder|Could not open encoder|Error initializing output stream|Error submitting .*encoder|Video encoding failed/i,
    'ENCODER_FAILED',
  ],
];

/** The failure of a child that read a film, in the words of ours. */
export function readFailure(who: string, end: FfmpegEnd, log: StderrLog): VitascopeError {
  return failure(who, end, log, reading);
}

/** The failure of a child that encoded. */
export function encodeFailure(who: string, end: FfmpegEnd, log: StderrLog): VitascopeError {
  return failure(who, end, log, encoding);
}

function failure(who: string, end: FfmpegEnd, log: StderrLog, meanings: Meanings): VitascopeError {
  const { code, signal, startError } = end;
  if (startError !== undefined) {
    return new VitascopeError('ENGINE_MISSING', `${who}: ffmpeg does not start: ${startError.message}`, {
      cause: startError,
    });
  }
  const how = signal === undefined ? `ffmpeg ended with code ${code ?? 'unknown'}` : `ffmpeg was ended by ${signal}`;
  const said = log.lines.length > 0 ? `: ${log.lines.join(' | ')}` : ' and said nothing';
  return new VitascopeError(
    signal === undefined ? meaningOf(log.lines, meanings) : 'ENGINE_FAILED',
    `${who}: ${how}${said}`,
    {
      context: { exitCode: code, signal, stderr: [...log.lines] },
    },
  );
}

/** A film without a single picture: ffmpeg calls it a failure, and it is an empty stream. */
export function saysNoPictures(log: StderrLog): boolean {
  return log.lines.some((line) => /Cannot determine format of input stream .* after EOF/i.test(line));
}

function meaningOf(lines: readonly string[], meanings: Meanings): ErrorCode {
  for (const [pattern, code] of meanings) if (lines.some((line) => pattern.test(line))) return code;
  return 'ENGINE_FAILED';
}
