import { VitascopeError } from '../../pipeline/errors.js';

/** What downloads need of a response. A `Response` of any `fetch` is one. */
export interface FetchedFile {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * What makes requests; any standard `fetch` will do. It must not follow redirects when told `manual`, and must end a transfer when
 * the signal fires.
 */
export type FetchFile = (
  url: string,
  init: {
    readonly method: 'GET';
    readonly headers: Record<string, string>;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<FetchedFile>;

const MAX_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks for a file and follows redirects, but never from https to http.
 *
 * @returns The first response that is no redirect, and where it came from.
 * @throws VitascopeError `DOWNLOAD_FAILED` for redirects that are not followed; whatever `fetch` throws.
 */
export async function requestFile(
  fetch: FetchFile,
  url: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<{ readonly response: FetchedFile; readonly url: string }> {
  let current = url;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await fetch(current, { method: 'GET', headers, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null) return { response, url: current };
    await drop(response);
    current = redirected(current, location);
  }
  throw refused(url, `redirects more than ${MAX_REDIRECTS} times`);
}

function redirected(from: string, location: string): string {
  const target = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol)) {
    throw refused(from, `redirects to "${location}", which is no web address`);
  }
  if (from.startsWith('https:') && target.protocol === 'http:') {
    throw refused(from, `redirects from https to ${target.origin}, which is not encrypted`);
  }
  return target.href;
}

/** The body of a redirect is not read; the connection is free for the next request. */
async function drop(response: FetchedFile): Promise<void> {
  const body = response.body as { cancel?: () => Promise<void> } | null;
  await body?.cancel?.().catch(() => undefined);
}

function refused(url: string, why: string): VitascopeError {
  return new VitascopeError('DOWNLOAD_FAILED', `${url} ${why}`, { context: { url, redirect: true } });
}

/**
 * undici's `fetch` through the proxies that the environment names, in upper or lower case.
 *
 * @throws VitascopeError `OPTION_INVALID` when the address of a proxy is none.
 */
export async function proxiedFetch(env: NodeJS.ProcessEnv): Promise<FetchFile> {
  const { EnvHttpProxyAgent, fetch } = await import('undici');
  const [httpProxy, httpsProxy] = ['http_proxy', 'https_proxy'].map((name) => proxyAddress(env, name));
  const dispatcher = new EnvHttpProxyAgent({
    // Given here even when empty: otherwise undici would read the environment of the process.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    // Many proxies allow tunnels to port 443 only.
    proxyTunnel: false,
  });
  return (url, init) => fetch(url, { ...init, dispatcher });
}

function proxyAddress(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const address = env[name] || env[name.toUpperCase()];
  if (address === undefined || address === '' || URL.canParse(address)) return address;
  throw new VitascopeError('OPTION_INVALID', `${name.toUpperCase()} must be the address of a proxy, got "${address}"`, {
    context: { option: name.toUpperCase() },
  });
}
