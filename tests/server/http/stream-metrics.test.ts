import { describe, expect, it } from 'vitest';
import type { LiveStreamMetrics } from '../../../jobs/live-metrics.js';
import { latencyBucketsMs } from '../../../pipeline/latency-histogram.js';
import { streamMetrics } from '../../../server/http/metrics/stream-metrics.js';
import type { StreamRegistry } from '../../../server/http/stream-registry.js';
import type { StreamFigure } from '../../../server/stream-figure.js';
import type { HlsStream } from '../../../streams/hls/hls-stream.js';
import { cam } from '../../helpers/http-app.js';
import { type Exposition, readExposition } from '../../helpers/prometheus-text.js';

const histogram = {
  bucketsMs: latencyBucketsMs,
  counts: [0, 0, 1, 1, 2, 3, 3, 3, 3, 3, 3],
  count: 4,
  sumMs: 3087.5,
};

const metrics: LiveStreamMetrics = {
  input: { framesIn: 300, framesDropped: 7, bytesIn: 90_000, reconnects: 1, silentMs: 40 },
  runner: {
    state: 'running',
    elapsedMs: 10_000,
    framesIn: 293,
    framesOut: 290,
    fps: 29,
    pool: null,
    nodes: [
      {
        node: 'colorize',
        framesIn: 293,
        framesOut: 290,
        dropped: 1,
        inFlight: 2,
        latencyMs: { p50: 20, p95: 40 },
        latencyHistogram: histogram,
        modelMs: { p50: 10, p95: 20, runs: 97, total: 1500 },
        cadence: { fresh: 97, carried: 193, every: 3 },
      },
    ],
  },
  renditions: [
    {
      name: 'main',
      codec: 'h264',
      width: 1280,
      height: 720,
      bytes: 70_000,
      bitsPerSecond: 1000,
      framesEncoded: 288,
      queued: 2,
    },
  ],
  outputs: [],
  latencyMs: { p50: 30, p95: 60 },
  latencyHistogram: histogram,
  sound: { heard: true, placed: 11, late: 2, dropped: 1, lufs: -23.4 },
  models: [{ model: 'colorize', provider: 'cpu' }],
  words: [],
};

const figures: readonly StreamFigure[] = [
  { node: 'count', name: 'people_present', type: 'gauge', labels: { zone: 'all' }, value: 2 },
  { node: 'count', name: 'line_crossings_total', type: 'counter', labels: { line: 'a', direction: 'in' }, value: 5 },
  { node: 'events', name: 'pose_events_total', type: 'counter', labels: { kind: 'fall' }, value: 1 },
];

const rtmp = { connections: 9, turnedAway: 1, refused: 2, slowPlayers: 3 };

function registry(streams: StreamRegistry['list'] = () => [{ ...cam, metrics, figures }]): StreamRegistry {
  const hls = { bytes: 5000, waiting: 4 } as HlsStream;
  return { list: streams, hls: (name: string) => (name === 'cam1' ? hls : undefined) } as unknown as StreamRegistry;
}

async function exposed(streams = registry()): Promise<Exposition> {
  return readExposition(await streamMetrics(streams, () => rtmp).metrics());
}

describe('the figures for Prometheus', () => {
  it.each([
    ['vitascope_streams{state="running"}', 1],
    ['vitascope_stream_info{graph="colorize",kind="published",stream="cam1"}', 1],
    ['vitascope_stream_up{stream="cam1"}', 1],
    ['vitascope_stream_age_seconds{stream="cam1"}', 61],
    ['vitascope_stream_players{stream="cam1"}', 3],
    ['vitascope_stream_resident_memory_bytes{stream="cam1"}', 1000],
    ['vitascope_stream_restarts_total{stream="cam1"}', 2],
    ['vitascope_input_frames_total{stream="cam1"}', 300],
    ['vitascope_input_frames_dropped_total{stream="cam1"}', 7],
    ['vitascope_input_bytes_total{stream="cam1"}', 90_000],
    ['vitascope_input_reconnects_total{stream="cam1"}', 1],
    ['vitascope_input_silent_seconds{stream="cam1"}', 0.04],
    ['vitascope_stream_frames_out_total{stream="cam1"}', 290],
    ['vitascope_node_frames_in_total{node="colorize",stream="cam1"}', 293],
    ['vitascope_node_frames_out_total{node="colorize",stream="cam1"}', 290],
    ['vitascope_node_frames_dropped_total{node="colorize",stream="cam1"}', 1],
    ['vitascope_node_model_runs_total{node="colorize",stream="cam1"}', 97],
    ['vitascope_node_model_seconds_total{node="colorize",stream="cam1"}', 1.5],
    ['vitascope_node_cadence_frames{node="colorize",stream="cam1"}', 3],
    ['vitascope_people_present{node="count",stream="cam1",zone="all"}', 2],
    ['vitascope_line_crossings_total{direction="in",line="a",node="count",stream="cam1"}', 5],
    ['vitascope_pose_events_total{kind="fall",node="events",stream="cam1"}', 1],
    ['vitascope_sound_impacts_total{fate="placed",stream="cam1"}', 11],
    ['vitascope_sound_impacts_total{fate="late",stream="cam1"}', 2],
    ['vitascope_sound_impacts_total{fate="dropped",stream="cam1"}', 1],
    ['vitascope_sound_heard{stream="cam1"}', 1],
    ['vitascope_node_latency_seconds_bucket{le="0.005",node="colorize",stream="cam1"}', 1],
    ['vitascope_node_latency_seconds_bucket{le="2",node="colorize",stream="cam1"}', 3],
    ['vitascope_node_latency_seconds_bucket{le="+Inf",node="colorize",stream="cam1"}', 4],
    ['vitascope_node_latency_seconds_sum{node="colorize",stream="cam1"}', 3.0875],
    ['vitascope_node_latency_seconds_count{node="colorize",stream="cam1"}', 4],
    ['vitascope_stream_latency_seconds_count{stream="cam1"}', 4],
    ['vitascope_encoder_queue_frames{rendition="main",stream="cam1"}', 2],
    ['vitascope_encoder_frames_total{rendition="main",stream="cam1"}', 288],
    ['vitascope_rendition_bytes_total{rendition="main",stream="cam1"}', 70_000],
    ['vitascope_model_info{model="colorize",provider="cpu",stream="cam1"}', 1],
    ['vitascope_output_up{kind="hls",output="http://localhost:8080/hls/cam1/index.m3u8",stream="cam1"}', 1],
    ['vitascope_output_bytes_total{kind="hls",output="http://localhost:8080/hls/cam1/index.m3u8",stream="cam1"}', 5],
    [
      'vitascope_output_packets_dropped_total{kind="hls",output="http://localhost:8080/hls/cam1/index.m3u8",stream="cam1"}',
      1,
    ],
    [
      'vitascope_output_reconnects_total{kind="hls",output="http://localhost:8080/hls/cam1/index.m3u8",stream="cam1"}',
      0,
    ],
    ['vitascope_hls_memory_bytes{stream="cam1"}', 5000],
    ['vitascope_hls_waiting_requests{stream="cam1"}', 4],
    ['vitascope_rtmp_connections', 9],
    ['vitascope_rtmp_turned_away_total', 1],
    ['vitascope_rtmp_refused_total', 2],
    ['vitascope_rtmp_slow_players_total', 3],
  ])('have %s', async (series, value) => {
    expect((await exposed()).samples.get(series)).toBe(value);
  });

  it('are as Prometheus wants them: names, types, units, buckets', async () => {
    const { types, problems } = await exposed();
    expect(problems).toEqual([]);
    expect(types.size).toBeGreaterThan(25);
    for (const [name, type] of types) {
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      expect(name).toMatch(/^(vitascope|process)_[a-z_]+$/);
      expect(name).not.toMatch(/_(ms|milliseconds|kb|mb|percent)(_|$)/);
    }
  });

  it('have of what operators count only what their definitions list, with the labels that they list', async () => {
    const odd: readonly StreamFigure[] = [
      { node: 'count', name: 'people_present', type: 'counter', labels: { zone: 'all' }, value: 9 },
      { node: 'count', name: 'secrets', type: 'gauge', labels: {}, value: 9 },
      { node: 'count', name: 'people_present', type: 'gauge', labels: { zone: 'z', person: '7' }, value: 3 },
    ];
    const { problems, samples } = await exposed(registry(() => [{ ...cam, metrics, figures: odd }]));
    expect(problems).toEqual([]);
    const counted = [...samples].filter(([series]) => /people|secrets/.test(series));
    expect(counted).toEqual([['vitascope_people_present{node="count",stream="cam1",zone="z"}', 3]]);
  });

  it('survive names that could break a line, and streams that have no figures yet', async () => {
    const name = 'a"b\\c\nd';
    const { problems, samples } = await exposed(registry(() => [{ ...cam, name, metrics: null, rssBytes: null }]));
    expect(problems).toEqual([]);
    expect(samples.get('vitascope_stream_up{stream="a\\"b\\\\c\\nd"}')).toBe(1);
    expect([...samples.keys()].filter((key) => /^vitascope_(input|node|encoder)/.test(key))).toEqual([]);
  });

  it('forget streams that have ended, and count what begins anew from the beginning', async () => {
    let list = [{ ...cam, metrics }];
    const own = streamMetrics(registry(() => list));
    await own.metrics();
    list = [{ ...cam, metrics: { ...metrics, input: { ...metrics.input, framesIn: 2 } } }];
    expect(readExposition(await own.metrics()).samples.get('vitascope_input_frames_total{stream="cam1"}')).toBe(2);
    list = [];
    expect(await own.metrics()).not.toContain('cam1');
  });
});
