import { describe, expect, it } from 'vitest';
import type { LiveStreamMetrics } from '../../jobs/live-metrics.js';
import { describeWaiting, LiveWords } from '../../jobs/live-words.js';
import { plainMetadata } from '../../jobs/plain-metadata.js';
import { RecentRate } from '../../jobs/recent-rate.js';

describe('plainMetadata', () => {
  it('keeps what is plain', () => {
    const meta = { poses: [{ score: 0.5, points: [1, 2, null] }], text: 'a', known: true };
    expect(plainMetadata(meta)).toEqual(meta);
  });

  it('leaves out what is not, and keeps places in arrays', () => {
    const meta = { mask: new Uint8Array(3), at: new Date(0), f: () => 1, n: Number.NaN, list: [1, new Map(), 3] };
    expect(plainMetadata(meta)).toEqual({ list: [1, null, 3] });
  });

  it('gives nothing when nothing is left', () => {
    expect(plainMetadata({})).toBeUndefined();
    expect(plainMetadata({ n: 10n, s: Symbol('s') })).toBeUndefined();
  });

  it('never throws, and ends where data goes in circles', () => {
    const circle: { self?: object; name: string } = { name: 'x' };
    circle.self = circle;
    expect(() => JSON.stringify(plainMetadata(circle))).not.toThrow();
    const trap = Object.defineProperty({}, 'x', { enumerable: true, get: () => expect.unreachable() });
    expect(plainMetadata(trap)).toBeUndefined();
  });
});

describe('RecentRate', () => {
  it('says the rate of the last five seconds', () => {
    const rate = new RecentRate();
    for (let i = 0; i < 250; i++) rate.add(i * 40_000, 5000);
    expect(rate.bitsPerSecond / 1e6).toBeCloseTo(1, 1);
    for (let i = 250; i < 500; i++) rate.add(i * 40_000, 10_000);
    expect(rate.bitsPerSecond / 1e6).toBeCloseTo(2, 1);
  });

  it('is 0 before anything came', () => expect(new RecentRate().bitsPerSecond).toBe(0));
});

describe('describeWaiting', () => {
  it('says what an input is waited for with', () => {
    expect(
      describeWaiting({ kind: 'waiting', reason: 'cannot read rtsp://cam/1: Connection refused', attempt: 3 }),
    ).toBe('waits for its input: cannot read rtsp://cam/1: Connection refused (attempt 3)');
  });
});

describe('LiveWords', () => {
  const input = { framesIn: 100, framesDropped: 0, bytesIn: 0, reconnects: 0, silentMs: 10 };
  const output = { state: 'open', bytesOut: 0, packetsDropped: 0, reconnects: 0, queued: 0 } as const;
  const metrics = (changes: Partial<LiveStreamMetrics['input']> = {}): Omit<LiveStreamMetrics, 'words'> => ({
    input: { ...input, ...changes },
    runner: null,
    renditions: [],
    outputs: [],
    latencyMs: null,
    latencyHistogram: null,
    models: [],
  });

  it('says nothing of a stream that goes as it should', () => {
    expect(new LiveWords().describe(metrics(), 0)).toEqual([]);
  });

  it('says that pictures are left out, and, a minute later, that they were', () => {
    const words = new LiveWords();
    words.describe(metrics(), 0);
    expect(words.describe(metrics({ framesDropped: 1 }), 15_000)).toEqual([
      '1 picture was left out: the machine cannot keep up',
    ]);
    expect(words.describe(metrics({ framesDropped: 12 }), 60_000)).toEqual([
      '12 pictures were left out: the machine cannot keep up',
    ]);
    expect(words.describe(metrics({ framesDropped: 12 }), 130_000)).toEqual([
      '12 pictures were left out, the last some time ago',
    ]);
  });

  it('blames nobody for what is left out while the source sends what it has kept', () => {
    const words = new LiveWords();
    words.describe(metrics(), 0);
    words.describe(metrics({ framesDropped: 30 }), 1000);
    expect(words.describe(metrics({ framesDropped: 30 }), 50_000)).toEqual([
      '30 pictures were left out while the stream began',
    ]);
    expect(words.describe(metrics({ framesDropped: 31 }), 60_000)).toEqual([
      '31 pictures were left out: the machine cannot keep up',
    ]);
  });

  it('speaks of silence, losses and outputs that failed', () => {
    const all = {
      ...metrics({ silentMs: 4100, reconnects: 2 }),
      outputs: [
        { ...output, name: 'a.mkv', rendition: 'main', state: 'failed', trouble: 'the disk is full' } as const,
        { ...output, name: 'b.mkv', rendition: 'main' },
      ],
    };
    expect(new LiveWords().describe(all, 0)).toEqual([
      'the input has been silent for 4 s',
      'the input was lost 2 times',
      'the output a.mkv has failed: the disk is full',
    ]);
  });
});
