import { isLoopbackHost } from '../config/server/check-config.js';
import type { ServerConfig } from '../config/server/server-config.js';

/** Where viewers find streams, without the path. */
export interface ViewerAddresses {
  /** Such as `rtmp://localhost`. */
  readonly rtmp: string;
  /** Such as `http://localhost:8080`. */
  readonly http: string;
}

/** By the `publicUrl` of each listener; where there is none, as this machine's own viewers see the server: what others call it, it cannot know. */
export function addressesOf(
  config: ServerConfig,
  ports: { readonly rtmp: number; readonly http: number },
): ViewerAddresses {
  const scheme = config.http.tls === null ? 'http' : 'https';
  return {
    rtmp:
      config.rtmp.publicUrl ?? `rtmp://${shownHost(config.rtmp.host)}${ports.rtmp === 1935 ? '' : `:${ports.rtmp}`}`,
    http: config.http.publicUrl ?? `${scheme}://${shownHost(config.http.host)}:${ports.http}`,
  };
}

function shownHost(host: string): string {
  return isLoopbackHost(host) || isWildcard(host) ? 'localhost' : localHost(host);
}

/** Where this machine reaches a listener of its own, as part of a URL. */
export function localHost(host: string): string {
  if (host === '::' || host === '[::]') return '[::1]';
  if (isWildcard(host)) return '127.0.0.1';
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '[::]', ''].includes(host);
}
