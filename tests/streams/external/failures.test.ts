import { describe, expect, it } from 'vitest';
import { encodeFailure, readFailure } from '../../../streams/external/failures.js';
import { StderrLog } from '../../../streams/external/stderr-log.js';

const failed = { code: 1, signal: undefined, startError: undefined };

function logOf(...lines: string[]): StderrLog {
  const log = new StderrLog();
  for (const line of lines) log.add(line);
  return log;
}

describe('the failure of a child', () => {
  it.each([
    ['[error] film.mkv: No such file or directory', 'INPUT_NOT_FOUND'],
    ['[error] film.mkv: Permission denied', 'INPUT_NOT_FOUND'],
    ['[error] film.mkv: Invalid data found when processing input', 'INPUT_UNREADABLE'],
    ['[in#0 @ 0x55] [error] Error opening input: End of file', 'INPUT_UNREADABLE'],
    ['[error] Decoder (codec none) not found for input stream #0:0', 'DECODER_MISSING'],
    ["[fatal] Stream map '0:3' matches no streams.", 'INPUT_NO_VIDEO'],
    ['[error] something new', 'ENGINE_FAILED'],
  ])('while reading, %s', (line, code) => {
    expect(readFailure('cannot read film.mkv', failed, logOf(line)).code).toBe(code);
  });

  it.each([
    ["[fatal] Unknown encoder 'libx999'", 'ENCODER_UNKNOWN'],
    ["[fatal] Unrecognized option 'flavour'.", 'OPTION_INVALID'],
    ['[error] Unable to parse option value "much"', 'OPTION_INVALID'],
    ['[libx264 @ 0x1] [error] Error setting preset/tune warp/(null).', 'OPTION_INVALID'],
    ['[error] Error writing trailer of pipe:1: No space left on device', 'OUTPUT_DISK_FULL'],
    ['[error] Error initializing output stream 0:0 -- Error while opening encoder for output stream', 'ENCODER_FAILED'],
    ['[error] something new', 'ENGINE_FAILED'],
  ])('while encoding, %s', (line, code) => {
    expect(encodeFailure('the encoder failed', failed, logOf(line)).code).toBe(code);
  });

  it('that was killed, or crashed, is the engine, whatever it said before', () => {
    const end = { code: undefined, signal: 'SIGSEGV' as const, startError: undefined };
    const failure = encodeFailure('the encoder failed', end, logOf("[fatal] Unknown encoder 'x'"));

    expect(failure).toMatchObject({ code: 'ENGINE_FAILED', context: { signal: 'SIGSEGV' } });
  });

  it('tells the last lines, without chatter, addresses and levels', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `[h264 @ 0x55c0f${i}] [error] line ${i}`);
    const { message } = readFailure('cannot read a', failed, logOf(...lines, '[info] frame=1', '[verbose] bye'));

    expect(message).toContain('cannot read a: ffmpeg ended with code 1: ');
    expect(message).toMatch(/h264: line 38 \| h264: line 39$/);
    expect(message).not.toContain('line 2 ');
  });

  it('that did not start is a missing engine', () => {
    const end = { code: undefined, signal: undefined, startError: new Error('spawn ENOENT') };

    expect(readFailure('cannot read a', end, logOf()).code).toBe('ENGINE_MISSING');
  });
});
