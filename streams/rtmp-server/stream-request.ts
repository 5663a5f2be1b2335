/** How a client speaks. */
export type StreamProtocol = 'rtmp' | 'rtmps' | 'http-flv' | 'ws-flv';

/** What a client asks for. */
export interface StreamRequest {
  readonly action: 'publish' | 'play';
  /** Checked by {@link streamPath}, such as `live/cam1`. */
  readonly path: string;
  /** The first value of each name. */
  readonly query: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly protocol: StreamProtocol;
}

/**
 * The answer. `path` plays another path than the one that was asked for. `internal` is for the server's own clients: limits on what publishers send do not
 * hold for them, and they are not counted among the players. The reason of a refusal is told to the client; `retryAfterS` says that it has tried too often, and when it may again.
 */
export type Authorization =
  | { readonly ok: true; readonly path?: string; readonly internal?: boolean }
  | { readonly ok: false; readonly reason: string; readonly retryAfterS?: number };

/** A request that was let in. */
export interface AllowedRequest extends StreamRequest {
  readonly internal: boolean;
}

/** What was allowed of what was asked for. */
export function allowedRequest(
  asked: StreamRequest,
  { path = asked.path, internal = false }: Extract<Authorization, { ok: true }>,
): AllowedRequest {
  return { ...asked, path, internal };
}

/** Decides before any media of the client is accepted or sent. */
export type Authorize = (request: StreamRequest) => Authorization | Promise<Authorization>;

const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;

/**
 * The path of a stream, made of two to four names joined by `/`, without one at either end: `live/cam1`. A name has 1 to 64 letters, digits,
 * `_`, `-` and `.`, does not begin with `-` or `.` and has no `..`, so that it can safely become part of a file name or URL.
 *
 * @returns nothing when the text is not such a path.
 */
export function streamPath(text: string): string | undefined {
  if (text.length > 260) return undefined;
  const path = text.replace(/^\/|\/$/g, '');
  const names = path.split('/');
  if (names.length < 2 || names.length > 4) return undefined;
  return names.every((name) => segment.test(name) && !name.includes('..')) ? path : undefined;
}

/** Parses `a=1&b=2`; of a name that comes twice the first counts. */
export function streamQuery(text: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) query[name] ??= value;
  return query;
}

/** Path and query of RTMP's application and stream name, each of which may carry a query. */
export function rtmpTarget(app: string, name: string): { path: string | undefined; query: Record<string, string> } {
  const [appPath = '', appQuery = ''] = splitOnce(app);
  const [namePath = '', nameQuery = ''] = splitOnce(name);
  return {
    path: streamPath(`${appPath.replace(/\/$/, '')}/${namePath}`),
    query: streamQuery([nameQuery, appQuery].filter(Boolean).join('&')),
  };
}

/** Path and query of `/live/cam1.flv?key=…`; nothing when the URL does not end in `.flv`. */
export function flvTarget(url: string): { path: string | undefined; query: Record<string, string> } | undefined {
  const [pathname = '', query = ''] = splitOnce(url);
  if (!pathname.endsWith('.flv')) return undefined;
  return { path: streamPath(pathname.slice(0, -'.flv'.length)), query: streamQuery(query) };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('?');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
