import { Registry } from 'prom-client';
import type { RtmpServerMetrics } from '../../../streams/rtmp-server/index.js';
import type { StreamOutputView, StreamRegistry, StreamView } from '../stream-registry.js';
import { addCounter, addGauge, addHistogram, type Family, type Note } from './families.js';
import { figureAt, listAt, partAt, textAt } from './figures.js';
import { addOperatorMetrics } from './operator-metrics.js';
import { addProcessMetrics } from './process-metrics.js';
import { addSoundMetrics } from './sound-metrics.js';

/** Milliseconds as seconds. */
const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

/**
 * Figures for Prometheus, in a registry of their own, read from the streams whenever somebody asks. Counts of a stream's process (`input`, `node`, `encoder`,
 * `latency`) begin anew when it is started anew, as those of any process do; what operators count by themselves goes on. docs/api.md lists them.
 */
export function streamMetrics(streams: StreamRegistry, rtmp?: () => RtmpServerMetrics): Registry {
  const registry = new Registry();
  addStateMetrics(registry, streams);
  addInputMetrics(registry, streams);
  addNodeMetrics(registry, streams);
  addOperatorMetrics(registry, streams);
  addSoundMetrics(registry, streams);
  addRenditionMetrics(registry, streams);
  addOutputMetrics(registry, streams);
  addHlsMetrics(registry, streams);
  if (rtmp !== undefined) addRtmpMetrics(registry, rtmp);
  addProcessMetrics(registry);
  return registry;
}

/** A family with one series a stream. */
function perStream(
  streams: StreamRegistry,
  name: string,
  help: string,
  value: (stream: StreamView) => number | undefined,
): Family {
  const collect = (note: Note): void => {
    for (const stream of streams.list()) note({ stream: stream.name }, value(stream));
  };
  return { name, help, labels: ['stream'], collect };
}

function addStateMetrics(registry: Registry, streams: StreamRegistry): void {
  addGauge(registry, {
    name: 'vitascope_streams',
    help: 'Streams by state',
    labels: ['state'],
    collect: (note) => {
      const counts = new Map([['running', 0]]);
      for (const { state } of streams.list()) counts.set(state, (counts.get(state) ?? 0) + 1);
      for (const [state, count] of counts) note({ state }, count);
    },
  });
  addGauge(registry, {
    name: 'vitascope_stream_info',
    help: '1, with what the stream does',
    labels: ['stream', 'kind', 'graph'],
    collect: (note) => {
      for (const { name, kind, graph } of streams.list()) note({ stream: name, kind, graph }, 1);
    },
  });
  const gauge = (name: string, help: string, value: (stream: StreamView) => number | undefined): void =>
    addGauge(registry, perStream(streams, name, help, value));
  gauge('vitascope_stream_up', '1 while the stream runs', ({ state }) => Number(state === 'running'));
  gauge('vitascope_stream_age_seconds', 'Since it began', ({ ageMs }) => seconds(ageMs));
  gauge('vitascope_stream_players', 'Viewers of RTMP and FLV', ({ players }) => players);
  gauge('vitascope_stream_resident_memory_bytes', 'Of its process', ({ rssBytes }) => rssBytes ?? undefined);
  const restarts = ({ restarts }: StreamView): number => restarts;
  addCounter(registry, perStream(streams, 'vitascope_stream_restarts_total', 'Restarts of its process', restarts));
}

function addInputMetrics(registry: Registry, streams: StreamRegistry): void {
  const counter = (name: string, help: string, ...path: string[]): void =>
    addCounter(
      registry,
      perStream(streams, name, help, ({ metrics }) => figureAt(metrics, ...path)),
    );
  counter('vitascope_input_frames_total', 'Pictures that came', 'input', 'framesIn');
  counter('vitascope_input_frames_dropped_total', 'Pictures left out at the input', 'input', 'framesDropped');
  counter('vitascope_input_bytes_total', 'Bytes that came', 'input', 'bytesIn');
  counter('vitascope_input_reconnects_total', 'How often the input was connected anew', 'input', 'reconnects');
  counter('vitascope_stream_frames_out_total', 'Pictures that left the graph', 'runner', 'framesOut');
  const silent = ({ metrics }: StreamView) => seconds(figureAt(metrics, 'input', 'silentMs'));
  addGauge(registry, perStream(streams, 'vitascope_input_silent_seconds', 'Since the last packet', silent));
}

function addNodeMetrics(registry: Registry, streams: StreamRegistry): void {
  const labels = ['stream', 'node'];
  const eachNode = (see: (series: { stream: string; node: string }, node: unknown) => void): void => {
    for (const { name, metrics } of streams.list())
      for (const node of listAt(metrics, 'runner', 'nodes'))
        see({ stream: name, node: textAt(node, 'node') ?? '' }, node);
  };
  const family = (name: string, help: string, value: (node: unknown) => number | undefined): Family => {
    const collect = (note: Note): void => eachNode((series, node) => note(series, value(node)));
    return { name, help, labels, collect };
  };
  const counter = (name: string, help: string, value: (node: unknown) => number | undefined): void =>
    addCounter(registry, family(name, help, value));
  counter('vitascope_node_frames_in_total', 'Frames that arrived at the node', (node) => figureAt(node, 'framesIn'));
  counter('vitascope_node_frames_out_total', 'Frames that left the node', (node) => figureAt(node, 'framesOut'));
  counter('vitascope_node_frames_dropped_total', 'Frames that the node left out', (node) => figureAt(node, 'dropped'));
  counter('vitascope_node_model_runs_total', 'Runs of its model', (node) => figureAt(node, 'modelMs', 'runs'));
  counter('vitascope_node_model_seconds_total', 'Time in its model', (node) =>
    seconds(figureAt(node, 'modelMs', 'total')),
  );
  const cadence = (node: unknown) => figureAt(node, 'cadence', 'every');
  addGauge(registry, family('vitascope_node_cadence_frames', 'Frames for each run of its model', cadence));
  addHistogram(registry, {
    name: 'vitascope_node_latency_seconds',
    help: "From a frame's arrival at the node to its departure",
    labels,
    collect: (note) => eachNode((series, node) => note(series, partAt(node, 'latencyHistogram'))),
  });
}

function addRenditionMetrics(registry: Registry, streams: StreamRegistry): void {
  const family = (name: string, help: string, field: string): Family => {
    const collect = (note: Note): void => {
      for (const { name: stream, metrics } of streams.list())
        for (const rendition of listAt(metrics, 'renditions'))
          note({ stream, rendition: textAt(rendition, 'name') ?? '' }, figureAt(rendition, field));
    };
    return { name, help, labels: ['stream', 'rendition'], collect };
  };
  addGauge(
    registry,
    family('vitascope_encoder_queue_frames', 'Pictures that wait for the encoder, or are in it', 'queued'),
  );
  addCounter(registry, family('vitascope_encoder_frames_total', 'Pictures that were encoded', 'framesEncoded'));
  addCounter(registry, family('vitascope_rendition_bytes_total', 'Bytes of encoded pictures and sound', 'bytes'));
  addGauge(registry, {
    name: 'vitascope_model_info',
    help: '1 for each model that is loaded, with who computes it',
    labels: ['stream', 'model', 'provider'],
    collect: (note) => {
      for (const { name, metrics } of streams.list())
        for (const loaded of listAt(metrics, 'models'))
          note({ stream: name, model: textAt(loaded, 'model') ?? '', provider: textAt(loaded, 'provider') ?? '' }, 1);
    },
  });
  addHistogram(registry, {
    name: 'vitascope_stream_latency_seconds',
    help: "From a picture's leaving the decoder to its packet",
    labels: ['stream'],
    collect: (note) => {
      for (const { name, metrics } of streams.list()) note({ stream: name }, partAt(metrics, 'latencyHistogram'));
    },
  });
}

function addOutputMetrics(registry: Registry, streams: StreamRegistry): void {
  const labels = ['stream', 'kind', 'output'];
  const family = (name: string, help: string, value: (output: StreamOutputView) => number): Family => {
    const collect = (note: Note): void => {
      for (const { name: stream, outputs } of streams.list())
        for (const output of outputs) note({ stream, kind: output.kind, output: output.url }, value(output));
    };
    return { name, help, labels, collect };
  };
  addGauge(
    registry,
    family('vitascope_output_up', '1 while the output is open', ({ state }) => Number(state === 'open')),
  );
  addCounter(
    registry,
    family('vitascope_output_bytes_total', 'Bytes that went out', ({ bytesOut }) => bytesOut),
  );
  const dropped = family(
    'vitascope_output_packets_dropped_total',
    'Packets left out',
    ({ packetsDropped }) => packetsDropped,
  );
  addCounter(registry, dropped);
  const again = family(
    'vitascope_output_reconnects_total',
    'How often it was connected anew',
    ({ reconnects }) => reconnects,
  );
  addCounter(registry, again);
}

function addHlsMetrics(registry: Registry, streams: StreamRegistry): void {
  const bytes = ({ name }: StreamView) => streams.hls(name)?.bytes;
  addGauge(registry, perStream(streams, 'vitascope_hls_memory_bytes', 'Media of HLS in memory', bytes));
  const waiting = ({ name }: StreamView) => streams.hls(name)?.waiting;
  addGauge(registry, perStream(streams, 'vitascope_hls_waiting_requests', 'Requests that wait for media', waiting));
}

function addRtmpMetrics(registry: Registry, rtmp: () => RtmpServerMetrics): void {
  const family = (name: string, help: string, value: (metrics: RtmpServerMetrics) => number): Family => ({
    name,
    help,
    collect: (note) => note({}, value(rtmp())),
  });
  addGauge(
    registry,
    family('vitascope_rtmp_connections', 'Connections of RTMP and FLV', ({ connections }) => connections),
  );
  const away = family(
    'vitascope_rtmp_turned_away_total',
    'Clients for whom there was no room',
    ({ turnedAway }) => turnedAway,
  );
  addCounter(registry, away);
  addCounter(
    registry,
    family('vitascope_rtmp_refused_total', 'Clients that were not let in', ({ refused }) => refused),
  );
  const slow = family(
    'vitascope_rtmp_slow_players_total',
    'Players cut off as too slow',
    ({ slowPlayers }) => slowPlayers,
  );
  addCounter(registry, slow);
}
