import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ServerConfig } from '../../config/server/server-config.js';
import type { RtmpServerMetrics } from '../../streams/rtmp-server/index.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../log.js';
import type { Resolve } from '../url-policy.js';
import type { StreamRegistry } from './stream-registry.js';

/** HTTP-FLV and WS-FLV on the port of the API; `RtmpServer` has both. They say false, with nothing done, for URLs that are none of theirs. `ip` is the viewer's, also behind a proxy. */
export interface FlvMedia {
  serveFlv(request: IncomingMessage, response: ServerResponse, ip: string): boolean;
  upgradeFlv(request: IncomingMessage, socket: Socket, head: Buffer, ip: string): boolean;
}

/** What the HTTP side is made of. */
export interface HttpAppOptions {
  readonly streams: StreamRegistry;
  /** Tokens, origins and what may be fetched are read anew for each request, so that they may change in it. */
  readonly config: Pick<ServerConfig, 'http' | 'limits' | 'pull' | 'metrics' | 'log'>;
  /** Default: no FLV on this port. */
  readonly media?: FlvMedia | undefined;
  /** Figures of the RTMP server for `/metrics`. */
  readonly rtmp?: (() => RtmpServerMetrics) | undefined;
  /** Key and certificate as PEM text: HTTPS instead of HTTP. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer } | undefined;
  /** Default: the name service of the system. */
  readonly resolve?: Resolve | undefined;
  /** Default: one of its own, made from the configuration. */
  readonly log?: Logger | undefined;
  /** Where the lines of that own log go. Default standard error. */
  readonly logTo?: { write(line: string): void } | undefined;
  /** Default: that of the machine. */
  readonly clock?: Clock | undefined;
}
