import type { ServerConfig } from '../config/server/server-config.js';
import type { RtmpLimits } from '../streams/rtmp-server/index.js';

/** The process of a stream is a player that waits as long as its stream does, and a little more. */
const PLAYER_MARGIN_MS = 60_000;
/** Connections for each stream besides its players: the publisher, and the server's own. */
const OTHER_CONNECTIONS = 4;

/** Limits of the RTMP server, by the configuration. */
export function rtmpLimitsOf({ limits, supervisor }: ServerConfig): Partial<RtmpLimits> {
  return {
    maxWidth: limits.width,
    maxHeight: limits.height,
    maxPixels: limits.width * limits.height,
    maxFrameRate: limits.frameRate,
    maxBitrate: limits.bitrateKbps * 1000,
    maxPlayersPerStream: limits.players,
    maxConnections: limits.streams * (limits.players + OTHER_CONNECTIONS),
    maxQueueBytes: Math.round(limits.playerBufferMb * 1_048_576),
    publisherIdleMs: limits.publishTimeoutMs,
    maxConnectionsPerMinute: limits.connectionsPerMinute,
    playersWaitMs: supervisor.awayMs + PLAYER_MARGIN_MS,
  };
}

/** What of a change cannot be applied to listeners that are open. */
export function restartNeeded(before: ServerConfig, after: ServerConfig): readonly string[] {
  const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  return [
    ...(['rtmp', 'http'] as const).flatMap((part) =>
      (['host', 'port'] as const)
        .filter((key) => before[part][key] !== after[part][key])
        .map((key) => `${part}.${key}`),
    ),
    ...((before.rtmp.tls === null) === (after.rtmp.tls === null) && before.rtmp.tls?.port === after.rtmp.tls?.port
      ? []
      : ['rtmp.tls']),
    ...(differs(before.http.tls, after.http.tls) ? ['http.tls'] : []),
    ...(['streams', 'memoryMb', 'requestsPerMinute', 'bodyKb'] as const)
      .filter((key) => before.limits[key] !== after.limits[key])
      .map((key) => `limits.${key}`),
    ...(differs(before.supervisor, after.supervisor) ? ['supervisor'] : []),
    ...(differs(before.metrics, after.metrics) ? ['metrics'] : []),
    ...(differs(before.log, after.log) ? ['log'] : []),
  ];
}
