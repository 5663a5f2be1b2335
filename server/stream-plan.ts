import { join } from 'node:path';
import { loadGraph } from '../config/load-graph.js';
import type { ServerConfig } from '../config/server/server-config.js';
import type { RouteConfig, SourceConfig } from '../config/server/stream-settings.js';
import { type SetOptionsBy, setOptions } from '../config/set-options.js';
import type { ProviderWish } from '../models/providers/provider.js';
import type { Graph } from '../pipeline/graph/graph.js';
import type { RenditionSettings, StreamSettings } from './stream/settings.js';

/** What is done with a stream, wherever it comes from. */
export type Processing = Omit<RouteConfig, 'path' | 'publish'>;

/** Where a stream comes from. */
export interface StreamOrigin {
  readonly name: string;
  /** An address as `openLiveInput` takes it. */
  readonly input: string;
  /** It comes from this server's own publisher. */
  readonly own: boolean;
  /** The owner of the server named it, not a caller of the API. Default true. */
  readonly trusted?: boolean | undefined;
  /** Milliseconds without a packet until it counts as lost. */
  readonly stallMs: number;
  readonly transport: 'tcp' | 'udp';
  readonly tlsVerify?: boolean | undefined;
  readonly caFile?: string | null | undefined;
}

/** The one rendition of streams that have no list of them. */
const MAIN = 'main';

/** What the process of a stream is told. */
export function streamSettings(
  origin: StreamOrigin,
  processing: Processing,
  graph: Graph,
  config: Pick<ServerConfig, 'supervisor'>,
  provider: ProviderWish,
): StreamSettings {
  const { outputs, encoder, options } = processing;
  const { trusted = true, tlsVerify = true, caFile = null } = origin;
  const { enabled, folder, container, splitMinutes } = outputs.record;
  return {
    ...origin,
    trusted,
    tlsVerify,
    caFile,
    graph: processing.graph,
    options,
    renditions: renditionsOf(processing, graph),
    encoder,
    record: enabled ? { folder: join(folder, origin.name), container, splitMinutes } : null,
    heartbeatMs: config.supervisor.heartbeatMs,
    provider,
  };
}

/** The tallest first; only HLS has a use for more than one, and what is copied has one size. */
function renditionsOf({ renditions, outputs, encoder }: Processing, graph: Graph): readonly RenditionSettings[] {
  const bitrate = encoder.bitrateKbps === null ? undefined : encoder.bitrateKbps * 1000;
  const ladder = renditions
    .toSorted((a, b) => b.height - a.height)
    .map(({ name, height, bitrateKbps }) => ({ name, height: even(height), bitrate: bitrateKbps * 1000 }));
  const usable = graph.video === 'copy' ? [] : outputs.hls.enabled ? ladder : ladder.slice(0, 1);
  return usable.length > 0 ? usable : [{ name: MAIN, height: undefined, bitrate }];
}

function even(height: number): number {
  return Math.floor(height / 2) * 2;
}

/** The address of a source for `openLiveInput`. */
export function sourceInput({ url, loop }: Pick<SourceConfig, 'url' | 'loop'>): string {
  if (!url.startsWith('file:')) return url;
  const path = decodeURIComponent(new URL(url).pathname);
  return `${loop ? 'loop' : 'file'}:${path}`;
}

/** Loads the graphs of all routes and sources. @throws VitascopeError as `loadGraph` and `setOptions` do. */
export async function prepareGraphs({
  routes,
  sources,
}: Pick<ServerConfig, 'routes' | 'sources'>): Promise<ReadonlyMap<Processing, Graph>> {
  const all: readonly Processing[] = [...routes, ...sources];
  return new Map(await Promise.all(all.map(async (each) => [each, await prepareGraph(each)] as const)));
}

/** Loads a graph, with the options that differ. @throws VitascopeError as `loadGraph` and `setOptions` do. */
export async function prepareGraph(
  { graph, options }: Pick<Processing, 'graph' | 'options'>,
  by?: SetOptionsBy,
): Promise<Graph> {
  return setOptions(await loadGraph(graph), options, by);
}
