import { describe, expect, it } from 'vitest';
import { ReadTrouble } from '../../../streams/external/read-trouble.js';
import { emptyReport } from '../../helpers/engines.js';

describe('what ffmpeg says while it reads', () => {
  const count = (...lines: string[]) => {
    const report = emptyReport();
    const trouble = new ReadTrouble(report, { width: 320, height: 240 });
    for (const line of lines) trouble.note(line);
    return report;
  };

  it.each([
    ['[error] Error while decoding stream #0:0: Invalid data found when processing input', { skipped: 1 }],
    ['[vist#0:0/h264 @ 0x5] [dec:h264 @ 0x6] [error] Error submitting packet to decoder: Invalid data', { skipped: 1 }],
    ['[warning] film.mkv: corrupt decoded frame in stream 0', { damaged: 1 }],
    ['[h264 @ 0x55] [info] concealing 118 DC, 118 AC, 118 MV errors in P frame', { damaged: 1 }],
    ['[matroska,webm @ 0x56] [error] File ended prematurely', { truncated: true }],
    ['[mov,mp4 @ 0x56] [error] stream 0, offset 0x5dd3d: partial file', { truncated: true }],
    ['[graph 0 input from stream 0:0 @ 0x1] [verbose] w:480 h:272 pixfmt:yuv420p tb:1/90000', { rescaled: 1 }],
    ['[graph 0 input from stream 0:0 @ 0x1] [verbose] w:320 h:240 pixfmt:yuv420p tb:1/90000', {}],
    ['[h264 @ 0x55] [error] error while decoding MB 11 11, bytestream 1164', {}],
  ])('%s', (line, changes) => {
    expect(count(line)).toEqual({ ...emptyReport(), ...changes });
  });

  it('counts a damaged picture once, whoever tells of it', () => {
    const [concealed, corrupt] = [
      '[info] concealing 1 DC, 1 AC, 1 MV errors',
      '[warning] a: corrupt decoded frame in stream 0',
    ];

    expect(count(concealed, corrupt).damaged).toBe(1);
    expect(count(concealed, concealed, corrupt, corrupt, corrupt).damaged).toBe(3);
  });

  it('counts nothing while muted', () => {
    const report = emptyReport();
    const trouble = new ReadTrouble(report, { width: 320, height: 240 });
    trouble.muted = true;
    trouble.note('[error] Error while decoding stream #0:0');

    expect(report).toEqual(emptyReport());
  });
});
