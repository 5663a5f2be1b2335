import { describe, expect, it } from 'vitest';
import { describeLive, describeLiveEvent } from '../../cli/describe-live.js';
import type { LiveStreamMetrics } from '../../jobs/live-stream.js';

function metrics(elapsedMs: number, frames: number): LiveStreamMetrics {
  return {
    input: { framesIn: frames, framesDropped: 2, bytesIn: 0, reconnects: 1, silentMs: 3000 },
    runner: { state: 'running', elapsedMs, framesIn: frames, framesOut: frames - 2, fps: 0, pool: null, nodes: [] },
    renditions: [],
    outputs: [
      {
        rendition: 'main',
        name: 'a.mkv',
        state: 'open',
        bytesOut: 1_500_000,
        packetsDropped: 0,
        reconnects: 0,
        queued: 0,
      },
    ],
    latencyMs: { p50: 7.2, p95: 14.9 },
    latencyHistogram: null,
    models: [],
    words: [],
  };
}

describe('the status line of a live stream', () => {
  it('counts rates from the line before', () => {
    expect(describeLive(metrics(4000, 120), metrics(2000, 60))).toBe(
      'in 30.0 fps · out 30.0 fps · 2 left out · 7 ms through (p95 15 ms) · 1 reconnects · silent for 3 s · a.mkv open 1.5 MB',
    );
  });

  it('says where there is only sound', () => {
    expect(describeLive({ ...metrics(0, 0), runner: null, latencyMs: null }, undefined)).toMatch(/^sound only · /);
  });

  it('says where pictures are copied', () => {
    const rendition = { name: 'main', codec: 'h264', width: 64, height: 48, bytes: 0, bitsPerSecond: 0 };
    const renditions = [{ ...rendition, framesEncoded: 0, queued: 0 }];
    const copied = { ...metrics(0, 0), runner: null, latencyMs: null, renditions };
    expect(describeLive(copied, undefined)).toMatch(/^copied as it comes · /);
  });

  it('tells why an input was lost', () => {
    const words = describeLiveEvent({ kind: 'disconnected', reason: 'nothing came for 10 s', attempt: 2 });
    expect(words).toBe('input lost (nothing came for 10 s); attempt 2');
    const waiting = describeLiveEvent({ kind: 'waiting', reason: 'cannot read x: Connection refused', attempt: 1 });
    expect(waiting).toBe('waits for its input: cannot read x: Connection refused (attempt 1)');
    expect(describeLiveEvent({ kind: 'ended' })).toBeUndefined();
  });
});
