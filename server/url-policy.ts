import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { redactUrl } from '../config/server/redact.js';
import { VitascopeError } from '../pipeline/errors.js';
import { isPrivateAddress } from './private-address.js';

/** Where callers of the API may send the server; `pull` of `vitascope.yaml`. */
export interface UrlPolicy {
  /** Without colon, such as `rtsp`. */
  readonly protocols: readonly string[];
  readonly allowPrivate: boolean;
  /** Hosts that are allowed although they are private. */
  readonly hosts: readonly string[];
}

/** All addresses of a host. Rejects when there are none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** A URL that may be fetched. */
export interface AllowedUrl {
  readonly url: string;
  /** As the address that was checked; numbers in odd notations are written out. */
  readonly host: string;
  /** What the host resolved to when it was checked. A name may resolve to something else later: connect to one of these where possible. */
  readonly addresses: readonly string[];
}

const systemResolve: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Checks a URL that somebody who is not the server's owner wants to be fetched: its protocol, its form, and every address that its host has.
 * Redirects and playlists may lead elsewhere; whoever opens the URL must restrict protocols there as well.
 *
 * @throws VitascopeError `URL_REFUSED`; the message has no secrets.
 */
export async function checkPullUrl(
  text: string,
  policy: UrlPolicy,
  resolve: Resolve = systemResolve,
): Promise<AllowedUrl> {
  const host = hostOf(text, policy.protocols);
  if (policy.allowPrivate || policy.hosts.some((each) => each.toLowerCase() === host))
    return { url: text, host, addresses: isIP(host) > 0 ? [host] : [] };
  const addresses = isIP(host) > 0 ? [host] : await resolved(host, resolve);
  const inside = addresses.find(isPrivateAddress);
  if (inside === undefined) return { url: text, host, addresses };
  // Which address a name has inside is nothing that a caller should learn.
  throw refuse(text, 'it leads to this machine or to a private network');
}

/** The host in lower case, numbers and brackets resolved, after everything that parsers read differently has been refused. */
function hostOf(text: string, protocols: readonly string[]): string {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)/i.exec(text);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (match === null || /[\s\\\u0000-\u001f\u007f]/.test(text)) throw refuse(text, 'it is no URL');
  const [, scheme = '', authority = ''] = match;
  if (!protocols.includes(scheme.toLowerCase()))
    throw refuse(text, `${scheme} is not among the allowed protocols ${protocols.join(', ')}`);
  const parts = authority.split('@');
  const address = parts.at(-1) ?? '';
  if (parts.length > 2 || address.includes('%')) throw refuse(text, 'its host is written in a way that can be misread');
  return plainHost(text, address);
}

/** Parsed as HTTP parsers do, who turn `2130706433`, `0177.1` and full-width letters into what the system would make of them. */
function plainHost(text: string, address: string): string {
  let host: string;
  try {
    host = new URL(`http://${address}/`).hostname;
  } catch {
    throw refuse(text, 'its host or port is not valid');
  }
  const plain = host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (plain === '') throw refuse(text, 'it has no host');
  return plain;
}

async function resolved(host: string, resolve: Resolve): Promise<readonly string[]> {
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0) throw refuse(host, 'its host is not known');
  return addresses;
}

function refuse(text: string, why: string): VitascopeError {
  return new VitascopeError('URL_REFUSED', `${redactUrl(text).slice(0, 200)}: ${why}`);
}
