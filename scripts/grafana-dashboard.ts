/** A graph on the dashboard. */
interface Panel {
  readonly title: string;
  readonly description?: string;
  /** Of Grafana, such as `s`, `bytes`, `Bps`. */
  readonly unit: string;
  /** Queries in PromQL, each with what its lines are called. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
  /** Default a graph over time. */
  readonly type?: 'timeseries' | 'stat';
}

const of = '{stream=~"$stream"}';
const rate = (counter: string, labels = of): string => `rate(${counter}${labels}[$__rate_interval])`;
const quantile = (share: number, histogram: string, by: string): string =>
  `histogram_quantile(${share}, sum by (le, ${by}) (${rate(`${histogram}_bucket`)}))`;

const rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[] = [
  {
    title: 'Server',
    panels: [
      { title: 'Streams', unit: 'short', type: 'stat', queries: [['vitascope_streams', '{{state}}']] },
      {
        title: 'Viewers of RTMP and FLV',
        unit: 'short',
        queries: [
          [`vitascope_stream_players${of}`, '{{stream}}'],
          ['vitascope_rtmp_connections', 'connections'],
        ],
      },
      {
        title: 'Turned away',
        description: 'Clients without a key, clients for whom there was no room, and players that were too slow',
        unit: 'cps',
        queries: [
          [rate('vitascope_rtmp_refused_total', ''), 'refused'],
          [rate('vitascope_rtmp_turned_away_total', ''), 'no room'],
          [rate('vitascope_rtmp_slow_players_total', ''), 'too slow'],
        ],
      },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: [
          ['process_resident_memory_bytes{job=~"$job"}', 'server'],
          [`vitascope_stream_resident_memory_bytes${of}`, '{{stream}}'],
        ],
      },
      {
        title: 'CPU of the server',
        description: 'Without the processes of streams',
        unit: 'percentunit',
        queries: [[rate('process_cpu_seconds_total', '{job=~"$job"}'), 'server']],
      },
      {
        title: 'Time since the start',
        unit: 's',
        queries: [
          ['time() - process_start_time_seconds{job=~"$job"}', 'server'],
          [`vitascope_stream_age_seconds${of}`, '{{stream}}'],
        ],
      },
    ],
  },
  {
    title: 'Input',
    panels: [
      {
        title: 'Pictures',
        unit: 'cps',
        queries: [
          [rate('vitascope_input_frames_total'), '{{stream}} in'],
          [rate('vitascope_stream_frames_out_total'), '{{stream}} out'],
        ],
      },
      {
        title: 'Pictures left out at the input',
        description: 'The machine cannot keep up',
        unit: 'cps',
        queries: [[rate('vitascope_input_frames_dropped_total'), '{{stream}}']],
      },
      { title: 'Bytes in', unit: 'Bps', queries: [[rate('vitascope_input_bytes_total'), '{{stream}}']] },
      {
        title: 'Lost inputs and restarts',
        description: 'In the last ten minutes',
        unit: 'short',
        queries: [
          [`increase(vitascope_input_reconnects_total${of}[10m])`, '{{stream}} connected anew'],
          [`increase(vitascope_stream_restarts_total${of}[10m])`, '{{stream}} process restarted'],
        ],
      },
      { title: 'Silence of the input', unit: 's', queries: [[`vitascope_input_silent_seconds${of}`, '{{stream}}']] },
      {
        title: 'Running',
        unit: 'short',
        queries: [
          [`vitascope_stream_up${of} * on (stream) group_left (graph) vitascope_stream_info`, '{{stream}} {{graph}}'],
        ],
      },
    ],
  },
  {
    title: 'Graph',
    panels: [
      {
        title: 'Latency of the stream',
        description: "From a picture's leaving the decoder to its packet",
        unit: 's',
        queries: [
          [quantile(0.5, 'vitascope_stream_latency_seconds', 'stream'), '{{stream}} p50'],
          [quantile(0.95, 'vitascope_stream_latency_seconds', 'stream'), '{{stream}} p95'],
        ],
      },
      {
        title: 'Latency of nodes, p95',
        unit: 's',
        queries: [[quantile(0.95, 'vitascope_node_latency_seconds', 'stream, node'), '{{stream}} {{node}}']],
      },
      {
        title: 'Cadence of models',
        description: 'Pictures for each run of the model',
        unit: 'short',
        queries: [[`vitascope_node_cadence_frames${of}`, '{{stream}} {{node}}']],
      },
      {
        title: 'Time of a run of the model',
        unit: 's',
        queries: [
          [
            `${rate('vitascope_node_model_seconds_total')} / ${rate('vitascope_node_model_runs_total')}`,
            '{{stream}} {{node}}',
          ],
        ],
      },
      {
        title: 'Frames of nodes',
        unit: 'cps',
        queries: [
          [rate('vitascope_node_frames_in_total'), '{{stream}} {{node}} in'],
          [rate('vitascope_node_frames_out_total'), '{{stream}} {{node}} out'],
          [rate('vitascope_node_frames_dropped_total'), '{{stream}} {{node}} left out'],
        ],
      },
      {
        title: 'Who computes models',
        unit: 'short',
        type: 'stat',
        queries: [[`vitascope_model_info${of}`, '{{stream}} {{model}}: {{provider}}']],
      },
    ],
  },
  {
    title: 'People',
    panels: [
      {
        title: 'People',
        description: 'Of zones; "all" is the whole picture',
        unit: 'short',
        queries: [[`vitascope_people_present${of}`, '{{stream}} {{node}} {{zone}}']],
      },
      {
        title: 'Lines crossed',
        description: 'In the last ten minutes',
        unit: 'short',
        queries: [[`increase(vitascope_line_crossings_total${of}[10m])`, '{{stream}} {{node}} {{line}} {{direction}}']],
      },
      {
        title: 'Falls, raised hands and runs',
        description: 'In the last ten minutes',
        unit: 'short',
        queries: [[`increase(vitascope_pose_events_total${of}[10m])`, '{{stream}} {{node}} {{kind}}']],
      },
    ],
  },
  {
    title: 'Sound',
    panels: [
      {
        title: 'Impacts seen',
        description: 'In the last ten minutes',
        unit: 'short',
        queries: [[`increase(vitascope_foley_impacts_total${of}[10m])`, '{{stream}} {{node}} {{action}}']],
      },
      {
        title: 'Sounds of impacts',
        description:
          'In the last ten minutes; many that are late or left out: pictures come in one go, or the machine is too slow',
        unit: 'short',
        queries: [[`increase(vitascope_sound_impacts_total${of}[10m])`, '{{stream}} {{fate}}']],
      },
      {
        title: 'Made sound is heard',
        description: '0 while the own sound of the input keeps it away',
        unit: 'short',
        queries: [[`vitascope_sound_heard${of}`, '{{stream}}']],
      },
    ],
  },
  {
    title: 'Output',
    panels: [
      {
        title: 'Encoder queue',
        unit: 'short',
        queries: [[`vitascope_encoder_queue_frames${of}`, '{{stream}} {{rendition}}']],
      },
      {
        title: 'Encoded',
        unit: 'cps',
        queries: [[rate('vitascope_encoder_frames_total'), '{{stream}} {{rendition}}']],
      },
      {
        title: 'Bytes out',
        unit: 'Bps',
        queries: [
          [rate('vitascope_rendition_bytes_total'), '{{stream}} {{rendition}} encoded'],
          [rate('vitascope_output_bytes_total'), '{{stream}} {{kind}} {{output}}'],
        ],
      },
      {
        title: 'Trouble of outputs',
        unit: 'short',
        queries: [
          [rate('vitascope_output_packets_dropped_total'), '{{stream}} {{kind}} {{output}} left out a second'],
          [`increase(vitascope_output_reconnects_total${of}[10m])`, '{{stream}} {{kind}} {{output}} connected anew'],
          [`1 - vitascope_output_up${of}`, '{{stream}} {{kind}} {{output}} is not open'],
        ],
      },
      { title: 'HLS in memory', unit: 'bytes', queries: [[`vitascope_hls_memory_bytes${of}`, '{{stream}}']] },
      {
        title: 'HLS requests that wait',
        unit: 'short',
        queries: [[`vitascope_hls_waiting_requests${of}`, '{{stream}}']],
      },
    ],
  },
];

const WIDTH = 8;
const HEIGHT = 8;
const COLUMNS = 24 / WIDTH;
// biome-ignore lint/suspicious/noTemplateCurlyInString: inputs of Grafana look like that
const datasource = { type: 'prometheus', uid: '${DS_PROMETHEUS}' };

/** The dashboard as Grafana imports it, JSON. */
export function grafanaDashboard(): string {
  let id = 0;
  let y = 0;
  const panels = rows.flatMap(({ title, panels: own }) => {
    const row = { id: ++id, type: 'row', title, collapsed: false, gridPos: { x: 0, y: y++, w: 24, h: 1 }, panels: [] };
    const placed = own.map((panel, i) => {
      const place = { x: (i % COLUMNS) * WIDTH, y: y + Math.floor(i / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT };
      return panelJson(panel, ++id, place);
    });
    y += Math.ceil(own.length / COLUMNS) * HEIGHT;
    return [row, ...placed];
  });
  const dashboard = {
    __inputs: [
      {
        name: 'DS_PROMETHEUS',
        label: 'Prometheus',
        type: 'datasource',
        pluginId: 'prometheus',
        pluginName: 'Prometheus',
      },
    ],
    __requires: [
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: '10.0.0' },
      { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' },
    ],
    uid: 'vitascope',
    title: 'Vitascope',
    schemaVersion: 39,
    timezone: 'browser',
    refresh: '10s',
    time: { from: 'now-30m', to: 'now' },
    templating: { list: [variable('job', 'vitascope_streams'), variable('stream', 'vitascope_stream_up')] },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function panelJson({ title, description, unit, queries, type = 'timeseries' }: Panel, id: number, gridPos: object) {
  return {
    id,
    type,
    title,
    ...(description === undefined ? {} : { description }),
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: type === 'stat' ? { textMode: 'value_and_name' } : { tooltip: { mode: 'multi' } },
    targets: queries.map(([expr, legendFormat], i) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + i),
      datasource,
      expr,
      legendFormat,
    })),
  };
}

/** A choice among the values of a label, several or all. */
function variable(name: string, metric: string) {
  const query = `label_values(${metric}, ${name})`;
  const all = { selected: true, text: 'All', value: '$__all' };
  return {
    name,
    type: 'query',
    datasource,
    definition: query,
    query: { query, refId: name },
    refresh: 2,
    includeAll: true,
    multi: true,
    current: all,
  };
}
