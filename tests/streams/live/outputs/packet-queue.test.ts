import { describe, expect, it } from 'vitest';
import type { EncodedPacket } from '../../../../streams/live/live-types.js';
import { PacketQueue } from '../../../../streams/live/outputs/packet-queue.js';

const packet = (atMs: number, isKey = false, kind: 'video' | 'audio' = 'video'): EncodedPacket => ({
  kind,
  data: new Uint8Array(10),
  ptsUs: atMs * 1000,
  dtsUs: atMs * 1000,
  durationUs: 0,
  isKey,
});
const all = (queue: PacketQueue): number[] => {
  const times: number[] = [];
  for (let p = queue.shift(); p !== undefined; p = queue.shift()) times.push(p.dtsUs / 1000);
  return times;
};
const queueOf = (maxBytes: number, maxMs = 1e9) => new PacketQueue({ maxBytes, maxUs: maxMs * 1000 });

describe('PacketQueue', () => {
  it('begins with a key frame', () => {
    const queue = queueOf(1000);
    for (const p of [packet(0), packet(1, true, 'audio'), packet(2, true), packet(3)]) queue.push(p);
    expect(queue.dropped).toBe(2);
    expect(all(queue)).toEqual([2, 3]);
  });

  it('drops up to the last key frame when it is full', () => {
    const queue = queueOf(40);
    for (const p of [packet(0, true), packet(1), packet(2, true), packet(3), packet(4)]) queue.push(p);
    expect(queue.dropped).toBe(2);
    expect(queue.bytes).toBe(30);
    expect(all(queue)).toEqual([2, 3, 4]);
  });

  it('drops everything up to the next key frame when there is none to begin with', () => {
    const queue = queueOf(30);
    for (const p of [packet(0, true), packet(1), packet(2), packet(3), packet(4)]) queue.push(p);
    expect([queue.length, queue.bytes, queue.dropped]).toEqual([0, 0, 5]);
    for (const p of [packet(5, true), packet(6)]) queue.push(p);
    expect(all(queue)).toEqual([5, 6]);
    expect(queue.bytes).toBe(0);
  });

  it('counts time as well as bytes', () => {
    const queue = queueOf(1000, 100);
    for (const p of [packet(0, true), packet(50, true), packet(101)]) queue.push(p);
    expect(all(queue)).toEqual([50, 101]);
  });

  it('begins with any sound where no video comes', () => {
    const queue = queueOf(20);
    queue.expectVideo(false);
    for (const at of [0, 1, 2]) queue.push(packet(at, true, 'audio'));
    expect(all(queue)).toEqual([2]);
  });
});
