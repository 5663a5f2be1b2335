import { describe, expect, it } from 'vitest';
import { Interleave, type InterleaveLimits } from '../../../streams/live/interleave.js';
import type { EncodedPacket } from '../../../streams/live/live-types.js';

const packet = (kind: 'video' | 'audio', us: number): EncodedPacket => ({
  kind,
  data: new Uint8Array(),
  ptsUs: us,
  dtsUs: us,
  durationUs: 0,
  isKey: true,
});

function pass(
  packets: readonly (readonly ['video' | 'audio', number])[],
  hasVideo = true,
  limits: InterleaveLimits = {},
): string[] {
  const out: string[] = [];
  const interleave = new Interleave(({ kind, dtsUs }) => out.push(`${kind[0]}${dtsUs}`), hasVideo, 100);
  interleave.limit(limits);
  for (const [kind, us] of packets) interleave.push(packet(kind, us));
  out.push('|');
  interleave.flush();
  return out;
}

describe('Interleave', () => {
  it('makes sound wait for the video beside it', () => {
    const packets = [
      ['audio', 0],
      ['audio', 10],
      ['audio', 20],
      ['video', 0],
      ['video', 15],
    ] as const;
    expect(pass(packets)).toEqual(['a0', 'v0', 'a10', 'v15', '|', 'a20']);
  });

  it('never makes video wait for copied sound, not even for some that comes late', () => {
    const packets = [
      ['audio', 0],
      ['video', 40],
      ['video', 80],
      ['audio', 20],
      ['video', 120],
    ] as const;
    expect(pass(packets)).toEqual(['a0', 'v40', 'v80', 'a20', 'v120', '|']);
  });

  it('makes video wait for sound that is made of it', () => {
    const packets = [
      ['video', 0],
      ['video', 40],
      ['audio', 0],
      ['audio', 20],
      ['audio', 40],
      ['video', 80],
    ] as const;
    expect(pass(packets, true, { videoUs: 100 })).toEqual(['a0', 'v0', 'a20', 'a40', 'v40', '|', 'v80']);
  });

  it('makes video wait no longer than it may, where no sound is made of it', () => {
    const packets = [0, 40, 80, 120, 160].map((us) => ['video', us] as const);
    expect(pass(packets, true, { videoUs: 100 })).toEqual(['v0', 'v40', '|', 'v80', 'v120', 'v160']);
  });

  it('lets sound go on alone where no video comes', () => {
    expect(
      pass([
        ['audio', 0],
        ['audio', 50],
        ['audio', 100],
        ['audio', 160],
      ]),
    ).toEqual(['a0', 'a50', '|', 'a100', 'a160']);
  });

  it('lets sound pass where there is no video at all', () => {
    expect(
      pass(
        [
          ['audio', 0],
          ['audio', 50],
        ],
        false,
      ),
    ).toEqual(['a0', 'a50', '|']);
  });
});
