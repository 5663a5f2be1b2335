import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NodeMeter, reportCount, reportGauge, reportModelMs } from '../../pipeline/metrics.js';
import type { VideoSample } from '../../pipeline/sample.js';
import { closeSamples, testSample } from '../helpers/frames.js';

describe('NodeMeter', () => {
  let nowMs = 0;
  const made: VideoSample[] = [];
  const sample = (index: number): VideoSample => {
    const s = testSample(index);
    made.push(s);
    return s;
  };

  beforeEach(() => {
    nowMs = 5000;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    closeSamples(made.splice(0));
  });

  it('counts what enters, leaves and is on its way', () => {
    const meter = new NodeMeter('n');
    for (const i of [0, 1, 2]) meter.entered(sample(i));
    meter.left(sample(0));
    expect(meter.snapshot()).toMatchObject({ node: 'n', framesIn: 3, framesOut: 1, inFlight: 2, dropped: 0 });
  });

  it('counts a frame as dropped once a later one has left, or the stream has ended', () => {
    const meter = new NodeMeter('n');
    for (const i of [0, 1, 2, 3]) meter.entered(sample(i));
    meter.left(sample(2));
    expect(meter.snapshot()).toMatchObject({ dropped: 2, inFlight: 1 });
    meter.ended();
    expect(meter.snapshot()).toMatchObject({ dropped: 3, inFlight: 0 });
  });

  it('measures the time from arrival to departure of frames with the same time', () => {
    const meter = new NodeMeter('n');
    for (let i = 0; i < 100; i++) {
      meter.entered(sample(i));
      nowMs += i + 1;
      meter.left(sample(i));
    }
    expect(meter.snapshot().latencyMs).toEqual({ p50: 50, p95: 95 });
  });

  it('counts all latencies in a histogram', () => {
    const meter = new NodeMeter('n');
    for (let i = 0; i < 300; i++) {
      meter.entered(sample(i));
      nowMs += i < 100 ? 1000 : 2;
      meter.left(sample(i));
    }
    const { counts, count, sumMs } = meter.snapshot().latencyHistogram;
    expect([counts.at(0), counts.at(1), counts.at(-2), count, sumMs]).toEqual([0, 200, 300, 300, 100_400]);
  });

  it('adds what an instance of the node does that follows another one, whose end concerns its own samples only', () => {
    const first = new NodeMeter('n');
    const second = new NodeMeter('n', 1, first);
    for (const i of [0, 1]) first.entered(sample(i));
    for (const i of [2, 3]) second.entered(sample(i));
    second.left(sample(2));
    expect(first.snapshot()).toMatchObject({ framesIn: 4, framesOut: 1, inFlight: 3, dropped: 0 });
    first.left(sample(0));
    first.ended();
    expect(first.snapshot()).toMatchObject({ framesIn: 4, framesOut: 2, inFlight: 1, dropped: 1 });
    expect(second.snapshot()).toEqual(first.snapshot());
  });

  it('speaks of recent latencies only', () => {
    const meter = new NodeMeter('n');
    for (let i = 0; i < 400; i++) {
      meter.entered(sample(i));
      nowMs += i < 100 ? 1000 : 2;
      meter.left(sample(i));
    }
    expect(meter.snapshot().latencyMs).toEqual({ p50: 2, p95: 2 });
  });

  it('counts frames that a node adds as out, and blames nothing on the frames around them', () => {
    const meter = new NodeMeter('n');
    meter.entered(sample(0));
    meter.left(sample(0));
    meter.left({ ...sample(0), frame: sample(1).frame });
    meter.entered(sample(2));
    expect(meter.snapshot()).toMatchObject({ framesIn: 2, framesOut: 2, dropped: 0, inFlight: 1 });
  });

  it('takes a join for left when its output has the time of both inputs', () => {
    const meter = new NodeMeter('join', 2);
    meter.entered(sample(0), 0);
    nowMs += 10;
    meter.entered(sample(0), 1);
    nowMs += 5;
    meter.left(sample(0));
    expect(meter.snapshot()).toMatchObject({ framesIn: 2, framesOut: 1, inFlight: 0, latencyMs: { p50: 15 } });
  });

  it('remembers no more than a thousand frames of a node that swallows them', () => {
    const meter = new NodeMeter('n');
    const one = sample(0);
    for (let i = 0; i < 5000; i++) meter.entered(one);
    expect(meter.snapshot()).toMatchObject({ framesIn: 5000, inFlight: 1024, dropped: 3976 });
  });

  it('gathers what operators say of their models, by the sample they received', () => {
    const meter = new NodeMeter('n');
    const received = sample(0);
    meter.entered(received);
    reportModelMs(received, 12);
    reportModelMs(received, 8);
    expect(meter.snapshot().modelMs).toEqual({ runs: 2, total: 20, p50: 8, p95: 12 });
  });

  it('gathers what operators count, and has nothing of it where they count nothing', () => {
    const meter = new NodeMeter('n');
    expect(meter.snapshot()).not.toHaveProperty('figures');
    const received = sample(0);
    meter.entered(received);
    reportCount(received, 'jumps_total', { who: 'me' }, 0);
    reportCount(received, 'jumps_total', { who: 'you' });
    reportCount(received, 'jumps_total', { who: 'you' }, 2);
    reportGauge(received, 'height_metres', {}, 1.5);
    reportGauge(received, 'height_metres', {}, 0.5);
    expect(meter.snapshot().figures).toEqual([
      { name: 'height_metres', type: 'gauge', labels: {}, value: 0.5 },
      { name: 'jumps_total', type: 'counter', labels: { who: 'me' }, value: 0 },
      { name: 'jumps_total', type: 'counter', labels: { who: 'you' }, value: 3 },
    ]);
  });

  it('goes on counting with an instance that follows, whose gauges are the ones that hold', () => {
    const first = new NodeMeter('n');
    const [before, after, late] = [sample(0), sample(1), sample(0)];
    first.entered(before);
    first.entered(late);
    reportCount(before, 'jumps_total', {});
    reportGauge(before, 'people', { zone: 'old' }, 4);
    const second = new NodeMeter('n', 1, first);
    second.entered(after);
    reportCount(after, 'jumps_total', {}, 0);
    reportCount(after, 'jumps_total', {});
    reportGauge(after, 'people', { zone: 'new' }, 2);
    // What the first one still held.
    reportGauge(late, 'people', { zone: 'old' }, 5);
    const figures = [
      { name: 'people', type: 'gauge', labels: { zone: 'new' }, value: 2 },
      { name: 'jumps_total', type: 'counter', labels: {}, value: 2 },
    ];
    expect(first.snapshot().figures).toEqual(figures);
    expect(second.snapshot().figures).toEqual(figures);
  });

  it('remembers no more than 256 series, the last ones', () => {
    const meter = new NodeMeter('n');
    const received = sample(0);
    meter.entered(received);
    for (let i = 0; i < 300; i++) reportCount(received, 'jumps_total', { who: String(i) });
    reportCount(received, 'jumps_total', { who: '44' });
    const { figures = [] } = meter.snapshot();
    expect(figures).toHaveLength(256);
    expect(figures.at(-1)).toMatchObject({ labels: { who: '44' }, value: 2 });
    expect(figures.at(0)).toMatchObject({ labels: { who: '45' } });
  });

  it('ignores reports about samples that no graph has handed out', () => {
    expect(() => reportModelMs(sample(0), 1)).not.toThrow();
  });

  it('is plain JSON', () => {
    const snapshot = new NodeMeter('n').snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot).toMatchObject({ latencyMs: null, modelMs: null });
  });
});
