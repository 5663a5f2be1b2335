import type { AccessConfig } from '../config/server/stream-settings.js';
import type { Graph } from '../pipeline/graph/graph.js';
import type { HlsStream } from '../streams/hls/hls-stream.js';
import type { FanOutMetrics } from '../streams/live/outputs/fan-out.js';
import type { SessionInfo } from '../streams/rtmp-server/session-info.js';
import { PROCESSED } from './access.js';
import type { ViewerAddresses } from './addresses.js';
import type { HostedStream } from './hosted/hosted-stream.js';
import type { StreamOutputView, StreamView } from './http/stream-registry.js';
import { TO_SERVER } from './stream/parent-output.js';
import type { StreamSettings } from './stream/settings.js';
import type { StreamProcessStatus } from './stream-process.js';

/** A stream of the hub. */
export interface HubStream {
  readonly name: string;
  /** `live/cam1`, also of streams that are fetched. */
  readonly path: string;
  readonly kind: 'published' | 'fetched';
  readonly play: AccessConfig;
  readonly hosted: HostedStream;
  readonly hls: HlsStream | undefined;
  readonly startedAtMs: number;
  graph: Graph;
  settings: StreamSettings;
  /** Since when the publisher has been away. */
  awaySinceMs: number | undefined;
  cancelAway: () => void;
  /** It takes nothing more and ends; resolves when it is gone. */
  ending: Promise<void> | undefined;
}

/** The stream as the API shows it. */
export function viewOf(
  stream: HubStream,
  status: StreamProcessStatus | undefined,
  players: readonly SessionInfo[],
  addresses: ViewerAddresses,
  nowMs: number,
): StreamView {
  const { name, path, kind, graph } = stream;
  return {
    name,
    path: kind === 'published' ? path : null,
    kind,
    state: status?.state ?? 'ended',
    words: wordsOf(stream, status, nowMs),
    pid: status?.pid ?? null,
    graph: graph.name,
    options: plain(Object.fromEntries(graph.nodes.map((node) => [node.name, node.options]))),
    ageMs: Math.round(nowMs - stream.startedAtMs),
    restarts: status?.restarts ?? 0,
    lastFailure: status?.lastFailure ?? null,
    rssBytes: status?.rssBytes ?? null,
    players: players.filter((player) => isViewer(player, path + PROCESSED)).length,
    outputs: outputsOf(stream, metricsOf(status), addresses),
    figures: status?.figures ?? [],
    metrics: status?.metrics ?? null,
  };
}

function metricsOf(status: StreamProcessStatus | undefined): ProcessMetrics | null {
  return (status?.metrics as ProcessMetrics | null | undefined) ?? null;
}

function wordsOf(stream: HubStream, status: StreamProcessStatus | undefined, nowMs: number): readonly string[] {
  const { awaySinceMs, hosted } = stream;
  const metrics = metricsOf(status);
  // Its process runs, but nobody would say so of the stream.
  const isWaiting = status?.state === 'running' && metrics !== null && metrics.input === undefined;
  return [
    ...(status === undefined || isWaiting ? [] : [status.words]),
    ...(awaySinceMs === undefined
      ? []
      : [`its publisher has been away for ${Math.round((nowMs - awaySinceMs) / 1000)} s`]),
    ...(hosted.holding ? ['viewers see the last picture, held'] : []),
    ...(metrics?.words ?? []),
  ];
}

/** What the process of a stream tells of itself, as far as it is shown here. */
interface ProcessMetrics {
  /** Nothing while the input is not there. */
  readonly input?: unknown;
  readonly words?: readonly string[];
  readonly outputs?: readonly FanOutMetrics[];
}

/** Its outputs here, and the recordings, which its process writes itself. */
function outputsOf(
  { hosted, hls, path, name }: HubStream,
  metrics: ProcessMetrics | null,
  addresses: ViewerAddresses,
): readonly StreamOutputView[] {
  const recorded = (metrics?.outputs ?? []).filter((output) => !output.name.startsWith(TO_SERVER));
  const [own, ...others] = hosted.metrics();
  const views: StreamOutputView[] = [];
  const add = (kind: StreamOutputView['kind'], url: string, metrics: typeof own): void => {
    if (metrics === undefined) return;
    const { state, bytesOut, packetsDropped, reconnects, trouble = null } = metrics;
    views.push({ kind, url, state, bytesOut, packetsDropped, reconnects, trouble });
  };
  add('rtmp', `${addresses.rtmp}/${path}${PROCESSED}`, own);
  add('http-flv', `${addresses.http}/${path}.flv`, own);
  if (hls !== undefined) {
    const parts = others.filter((output) => output.name.startsWith('hls:'));
    const bytesOut = parts.reduce((sum, part) => sum + part.bytesOut, 0);
    const [first] = parts;
    add('hls', `${addresses.http}/hls/${name}/index.m3u8`, first && { ...first, bytesOut });
  }
  for (const output of others) if (!output.name.startsWith('hls:')) add('push', output.name, output);
  for (const output of recorded) add('record', output.name, output);
  return views;
}

function isViewer({ action, path, internal }: SessionInfo, processed: string): boolean {
  return action === 'play' && path === processed && internal !== true;
}

/** What of a value JSON can hold. */
function plain(value: Record<string, unknown>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
