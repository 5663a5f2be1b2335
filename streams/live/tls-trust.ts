import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { VitascopeError } from '../../pipeline/index.js';

/** Whom encrypted inputs are believed to be. */
export interface TlsTrust {
  /** False: whoever answers is believed. */
  readonly verify: boolean;
  /** PEM file with the only authorities (or self-signed certificates) that are trusted; nothing for those of Node and the system. */
  readonly caFile: string | undefined;
}

/** Protocols over TLS, and their ports. */
const ports: Readonly<Record<string, number>> = { https: 443, rtmps: 443, rtsps: 322 };

/** FFmpeg's options for TLS. Also for `http:`, which may be led on to `https:`. */
export function tlsSettings({ verify, caFile }: TlsTrust): Record<string, string> {
  return verify ? { tls_verify: '1', ca_file: caFile ?? systemBundle() } : { tls_verify: '0' };
}

/** True where FFmpeg itself does not compare an address with the certificate: it does so for names only. */
export function isUnchecked(url: string): boolean {
  const { protocol, host } = serverOf(url) ?? {};
  return protocol !== undefined && host !== undefined && isIP(host) !== 0;
}

/**
 * Asks a server for its certificate, to say in words what is wrong with it.
 *
 * @returns nothing where it is fine, where the server cannot be reached, or where the protocol has no TLS.
 */
export async function certificateTrouble(
  url: string,
  { verify, caFile }: TlsTrust,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const server = verify ? serverOf(url) : undefined;
  if (server === undefined || signal.aborted) return undefined;
  const { host, port } = server;
  const ca = caFile === undefined ? authorities() : [readCaFile(caFile)];
  return await new Promise((resolve) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls.connect({ host, port, ca, rejectUnauthorized: false, ...name });
    const done = (trouble?: string): void => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(trouble);
    };
    const giveUp = (): void => done();
    signal.addEventListener('abort', giveUp);
    socket.setTimeout(timeoutMs, giveUp);
    socket.on('error', giveUp);
    socket.once('secureConnect', () => done(socket.authorized ? undefined : reasonOf(socket)));
  });
}

/** @throws VitascopeError `OPTION_INVALID` when the file cannot be read. */
export function readCaFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new VitascopeError('OPTION_INVALID', `caFile: cannot read ${path}`, { cause: error });
  }
}

function reasonOf({ authorizationError }: tls.TLSSocket): string {
  // Node's types say an error; it is a code or a sentence.
  return `its certificate is not trusted (${authorizationError})`;
}

function serverOf(url: string): { protocol: string; host: string; port: number } | undefined {
  const [, protocol = '', authority = ''] = /^([a-z]+):\/\/([^/?#]*)/i.exec(url) ?? [];
  const standard = ports[protocol.toLowerCase()];
  if (standard === undefined) return undefined;
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || host === '') return undefined;
  return { protocol, host, port: port === undefined ? standard : Number(port) };
}

/** The authorities that Node trusts: its own, the system's where it can list them (Node 22.15), and those of `NODE_EXTRA_CA_CERTS`. */
function authorities(): string[] {
  const listed = tls as { getCACertificates?: (type: 'system' | 'extra') => string[] };
  const extraFile = process.env.NODE_EXTRA_CA_CERTS;
  const extra = (): string[] => (extraFile === undefined || extraFile === '' ? [] : [readCaFile(extraFile)]);
  return [...new Set([...tls.rootCertificates, ...(listed.getCACertificates?.('system') ?? []), ...extra()])];
}

let bundle: string | undefined;

/** FFmpeg's OpenSSL knows no authorities: they are written to a file that only this user can read, once a process. */
function systemBundle(): string {
  if (bundle !== undefined) return bundle;
  const folder = mkdtempSync(join(tmpdir(), 'vitascope-tls-'));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  const path = join(folder, 'authorities.pem');
  writeFileSync(path, `${authorities().join('\n')}\n`, { mode: 0o600 });
  if (process.platform === 'linux') {
    // An open file outlives its name: nothing is left behind, however the process ends.
    bundle = `/proc/self/fd/${openSync(path, 'r')}`;
    clear();
  } else {
    bundle = path;
    process.once('exit', clear);
  }
  return bundle;
}
