import { AV_LOG_FATAL, AV_NOPTS_VALUE, AVERROR_EOF } from 'node-av/constants';
import { Dictionary, FFmpegError, Log, PosixError } from 'node-av/lib';
import { type ErrorCode, type Rational, VitascopeError } from '../../pipeline/index.js';

Log.setLevel(AV_LOG_FATAL);

const AVERROR_EAGAIN = FFmpegError.AVERROR(PosixError.EAGAIN);
const AVERROR_ENOSPC = FFmpegError.AVERROR(PosixError.ENOSPC);

/** FFmpeg's words for a negative return value. */
export function avMessage(code: number): string {
  return FFmpegError.strerror(code);
}

/** Passes non-negative return values through. @throws VitascopeError `code` (or `OUTPUT_DISK_FULL`) with FFmpeg's words. */
export function avCheck(result: number, code: ErrorCode, who: string): number {
  if (result >= 0) return result;
  const actual = result === AVERROR_ENOSPC && code.startsWith('OUTPUT') ? 'OUTPUT_DISK_FULL' : code;
  throw new VitascopeError(actual, `${who}: ${avMessage(result)}`, { context: { averror: result } });
}

export const isAgain = (result: number): boolean => result === AVERROR_EAGAIN;
export const isEnd = (result: number): boolean => result === AVERROR_EOF;
export const hasTime = (ticks: bigint): boolean => ticks !== AV_NOPTS_VALUE;

/** A plain copy of one of node-av's rationals. */
export function rational(r: { num: number; den: number } | null | undefined): Rational {
  return r ? { num: r.num, den: r.den } : { num: 0, den: 1 };
}

/** Tags of a container or track; empty when there are none. */
export function tags(dictionary: Dictionary | null): Record<string, string> {
  return dictionary?.getAll() ?? {};
}

export function dictionary(values: Readonly<Record<string, string>>): Dictionary {
  return Dictionary.fromObject(values);
}
