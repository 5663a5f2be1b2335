import type { IncomingHttpHeaders } from 'node:http';
import { isLoopbackHost } from '../../config/server/check-config.js';
import type { ServerConfig } from '../../config/server/server-config.js';
import { sameKey } from '../../streams/rtmp-server/stream-keys.js';
import { hasBearer } from './auth.js';
import { failure, type HttpFailure } from './errors.js';

/** Who may ask for a route: the owner of the token (and, without one, this machine), or everybody whom `own` keys let in. */
export type RouteAccess = 'token' | 'own';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Default `token`. */
    access?: RouteAccess | 'open';
  }
}

type HttpConfig = Pick<ServerConfig['http'], 'token' | 'allowOrigin'>;

/** Tokens of browsers, which cannot set headers of WebSockets, come percent-encoded as a subprotocol with this before them. */
export const TOKEN_PROTOCOL = 'vitascope.bearer.';

/**
 * Why a request is not answered. Where there is no token, only requests that name this machine as their host are, so that web pages cannot reach the server
 * under a name of theirs; and WebSockets, which browsers let any page open, only from pages of this server.
 *
 * @param isSocket Whether it is to become a WebSocket.
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  access: RouteAccess,
  isSocket: boolean,
  { token, allowOrigin }: HttpConfig,
): HttpFailure | undefined {
  if (token === null && !isLoopbackHost(hostName(headers.host)))
    return failure(403, 'this host is not served without a token');
  if (token !== null && access === 'token') {
    const given = hasBearer(headers.authorization, token) || (isSocket && hasProtocolToken(headers, token));
    // Who has the token may come from anywhere.
    return given ? undefined : failure(401, 'a bearer token is needed');
  }
  if (isSocket && !isOwnOrigin(headers, access === 'own' ? allowOrigin : null))
    return failure(403, 'pages of other origins may not connect');
  return undefined;
}

/** Whether no page asks, or one that this server gave, or one of an origin that is allowed. */
export function isOwnOrigin({ origin, host }: IncomingHttpHeaders, allowOrigin: string | null): boolean {
  if (origin === undefined || allowOrigin === '*' || origin === allowOrigin) return true;
  try {
    return new URL(origin).host === host?.toLowerCase();
  } catch {
    return false;
  }
}

/** The host without its port. */
function hostName(host = ''): string {
  return host.replace(/:\d*$/, '');
}

function hasProtocolToken(headers: IncomingHttpHeaders, token: string): boolean {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
  const given = protocols.find((text) => text.startsWith(TOKEN_PROTOCOL)) ?? TOKEN_PROTOCOL;
  try {
    return sameKey(decodeURIComponent(given.slice(TOKEN_PROTOCOL.length)), token);
  } catch {
    return false;
  }
}
