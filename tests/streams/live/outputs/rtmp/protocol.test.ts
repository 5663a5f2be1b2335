import { describe, expect, it } from 'vitest';
import { decodeAmf, encodeAmf } from '../../../../../streams/live/outputs/rtmp/amf.js';
import { ChunkReader, encodeChunks, type RtmpMessage } from '../../../../../streams/live/outputs/rtmp/chunks.js';

/** A generator of numbers that are always the same. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('AMF0', () => {
  it('reads what it writes', () => {
    const values = ['connect', 1, { app: 'live', deep: { yes: true, no: null }, list: ['a', 2] }, null, -0.5] as const;
    expect(decodeAmf(encodeAmf(...values))).toEqual(values);
  });

  it('refuses what is cut off, unknown or too deep', () => {
    const whole = encodeAmf({ a: 'b' });
    for (let length = 1; length < whole.length; length++) {
      expect(() => decodeAmf(whole.subarray(0, length))).toThrow(RangeError);
    }
    expect(() => decodeAmf(Buffer.from([99]))).toThrow(/unknown marker/);
    const deep = Buffer.concat(Array.from({ length: 100 }, () => Buffer.from([3, 0, 1, 97])));
    expect(() => decodeAmf(deep)).toThrow(/deep/);
  });
});

describe('chunks', () => {
  const read = (bytes: Buffer, step: number): RtmpMessage[] => {
    const reader = new ChunkReader();
    const messages: RtmpMessage[] = [];
    for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step), (m) => messages.push(m));
    return messages;
  };

  it.each([1, 7, 1000])('are put together from pieces of %d bytes', (step) => {
    const message = (timestamp: number, size: number): RtmpMessage => ({
      type: 9,
      streamId: 1,
      timestamp,
      body: Buffer.alloc(size, size),
    });
    const messages = [
      message(0, 5),
      message(40, 500),
      message(0xfffffe, 128),
      message(0xffffff, 300),
      message(0xffffffff, 129),
    ];
    const bytes = Buffer.concat(messages.map((m) => encodeChunks(m, 4)));
    expect(read(bytes, step)).toEqual(messages);
  });

  it('take up headers that were left out', () => {
    const first = encodeChunks({ type: 20, streamId: 0, timestamp: 100, body: Buffer.from('one') }, 3);
    const delta = Buffer.concat([Buffer.from([0x43, 0, 0, 10, 0, 0, 5, 20]), Buffer.from('three')]);
    const timeOnly = Buffer.concat([Buffer.from([0x83, 0, 0, 5]), Buffer.from('seven')]);
    const nothing = Buffer.concat([Buffer.from([0xc3]), Buffer.from('eight')]);
    const messages = read(Buffer.concat([first, delta, timeOnly, nothing]), 3);
    expect(messages.map(({ timestamp, body }) => [timestamp, String(body)])).toEqual([
      [100, 'one'],
      [110, 'three'],
      [115, 'seven'],
      [120, 'eight'],
    ]);
  });

  it('keep nothing large for a server that sends nonsense', () => {
    const next = random(1);
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(Array.from({ length: 400 }, () => Math.floor(next() * 256)));
      try {
        expect(read(bytes, 50).length).toBeLessThan(400);
      } catch (error) {
        expect(error).toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
      }
    }
  });
});
