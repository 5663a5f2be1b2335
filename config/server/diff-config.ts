import { isDeepStrictEqual } from 'node:util';
import { matchRoute } from './match-route.js';
import type { ServerConfig } from './server-config.js';
import type { RouteConfig, SourceConfig } from './stream-settings.js';

/** A stream that runs while the configuration changes. */
export interface RunningStream {
  readonly name: string;
  /** What it was published to, such as `live/cam1`; nothing for a source. */
  readonly path?: string | undefined;
}

/** What a change of the configuration means. */
export interface ConfigChange {
  /** Streams that nothing in the new configuration is for. */
  readonly stop: readonly string[];
  /** Streams that must begin anew, since what is done with them changed. */
  readonly restart: readonly string[];
  /** Streams that go on untouched. */
  readonly keep: readonly string[];
  /** Sources that are new. */
  readonly start: readonly SourceConfig[];
  /** Listeners whose address or certificate changed; all their connections end. */
  readonly listeners: readonly ('rtmp' | 'http')[];
  /** Other parts that changed and apply from now on. */
  readonly settings: readonly (keyof ServerConfig)[];
}

/**
 * Which streams and listeners a new configuration concerns. Keys of publishers and viewers concern new connections only.
 * Sources that neither configuration has (those that API callers started) are kept.
 */
export function diffServerConfig(
  before: ServerConfig,
  after: ServerConfig,
  running: readonly RunningStream[],
): ConfigChange {
  const fates = running.map((stream) => ({ name: stream.name, fate: fateOf(stream, before, after) }));
  const named = (fate: Fate): string[] => fates.filter((each) => each.fate === fate).map(({ name }) => name);
  const known = new Set(before.sources.map(({ name }) => name));
  const differs = (part: keyof ServerConfig): boolean => !isDeepStrictEqual(before[part], after[part]);
  return {
    stop: named('stop'),
    restart: named('restart'),
    keep: named('keep'),
    start: after.sources.filter(({ name }) => !known.has(name)),
    listeners: (['rtmp', 'http'] as const).filter(
      (part) => !isDeepStrictEqual(address(before[part]), address(after[part])),
    ),
    settings: (Object.keys(after) as (keyof ServerConfig)[]).filter(differs),
  };
}

type Fate = 'stop' | 'restart' | 'keep';

function fateOf({ name, path }: RunningStream, before: ServerConfig, after: ServerConfig): Fate {
  const [old, now] = [before, after].map(({ routes, sources }) =>
    path === undefined ? sources.find((each) => each.name === name) : matchRoute(routes, path)?.route,
  );
  if (old === undefined && path === undefined) return 'keep';
  if (now === undefined) return 'stop';
  const same = isDeepStrictEqual([work(old), shared(before)], [work(now), shared(after)]);
  return same ? 'keep' : 'restart';
}

/** What of a route or source its process depends on. */
function work(settings: RouteConfig | SourceConfig | undefined): unknown {
  if (settings === undefined) return undefined;
  const { play: _play, ...rest } = settings;
  if (!('publish' in rest)) return rest;
  const { publish: _publish, path: _path, ...own } = rest;
  return own;
}

function shared({ hls, supervisor }: ServerConfig): unknown {
  return { hls, heartbeatMs: supervisor.heartbeatMs, holdPictureMs: supervisor.holdPictureMs };
}

function address(listener: ServerConfig['rtmp'] | ServerConfig['http']): unknown {
  return { host: listener.host, port: listener.port, tls: listener.tls };
}
