import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { VitascopeError } from '../../pipeline/index.js';
import type { Authorization, Authorize, StreamRequest } from './stream-request.js';

/** What a route asks of its clients. Without a key and without `urlSecret` an action is open to everybody. */
export interface RouteKeys {
  /** Publishers give one of these as `?key=…`. */
  readonly publish?: readonly string[];
  /** Players give one of these as `?key=…`. */
  readonly play?: readonly string[];
  /** Signed URLs made with this secret are accepted as well, for the action that they were signed for. At least 16 characters. */
  readonly urlSecret?: string;
}

/** What a signed URL is good for. */
export interface SignedUse {
  readonly action: 'publish' | 'play';
  /** Such as `live/cam1`. */
  readonly path: string;
  /** Unix time, seconds, whole. */
  readonly expires: number;
}

/** Compares in a time that does not depend on where the two differ, nor on how long the expected one is. */
export function sameKey(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Signs the use of a path until a moment: the query `expires=<unix seconds>&sig=<signature>`, where the signature is the HMAC-SHA256 under the
 * secret, in base64url without padding (43 characters), of the UTF-8 text of four lines joined by `\n`:
 * `vitascope-url-1`, the action, the path, the expiry in decimal digits.
 *
 * @throws VitascopeError `OPTION_INVALID` for a secret under 16 characters or an expiry that is not a whole number of seconds.
 * @example `rtmp://host/live/cam1?${sign({ action: 'publish', path: 'live/cam1', expires: 1800000000 }, secret)}`
 */
export function sign(use: SignedUse, secret: string): string {
  if (secret.length < 16) {
    throw new VitascopeError(
      'OPTION_INVALID',
      `sign: the secret must have at least 16 characters, got ${secret.length}`,
    );
  }
  if (!Number.isSafeInteger(use.expires) || use.expires < 0) {
    throw new VitascopeError('OPTION_INVALID', `sign: expires must be whole seconds, got ${use.expires}`);
  }
  return `expires=${use.expires}&sig=${signature(use, secret)}`;
}

/**
 * Checks the query of a signed URL.
 *
 * @param nowMs Unix time in milliseconds.
 * @returns why it is not good, or nothing when it is.
 */
export function verify(
  query: Readonly<Record<string, string>>,
  use: Omit<SignedUse, 'expires'>,
  secret: string,
  nowMs: number,
): string | undefined {
  const { expires = '', sig = '' } = query;
  if (!/^\d{1,12}$/.test(expires)) return 'the signed URL has no valid expiry';
  // The signature first: who cannot sign learns nothing about expiry.
  if (!sameKey(sig, signature({ ...use, expires: Number(expires) }, secret))) return 'the signature does not match';
  if (Number(expires) * 1000 <= nowMs) return 'the signed URL has expired';
  return undefined;
}

/**
 * Decides by keys and signed URLs.
 *
 * @param find The keys of the route that a path belongs to; nothing when no route takes it, which refuses the client.
 * @param now Unix time in milliseconds.
 */
export function authorizeByKeys(find: (path: string) => RouteKeys | undefined, now: () => number): Authorize {
  return (request) => {
    const keys = find(request.path);
    if (keys === undefined) return { ok: false, reason: `no route for ${request.path}` };
    return decide(request, keys, now());
  };
}

function decide(request: StreamRequest, keys: RouteKeys, nowMs: number): Authorization {
  const expected = keys[request.action] ?? [];
  if (expected.length === 0 && keys.urlSecret === undefined) return { ok: true };
  const { key, sig } = request.query;
  if (keys.urlSecret !== undefined && sig !== undefined) {
    const reason = verify(request.query, request, keys.urlSecret, nowMs);
    return reason === undefined ? { ok: true } : { ok: false, reason };
  }
  if (key === undefined) return { ok: false, reason: `a key is needed to ${request.action} ${request.path}` };
  // No early exit: the time does not say which key came close.
  const matches = expected.filter((one) => sameKey(key, one));
  return matches.length > 0 ? { ok: true } : { ok: false, reason: `wrong key to ${request.action} ${request.path}` };
}

function signature({ action, path, expires }: SignedUse, secret: string): string {
  return createHmac('sha256', secret).update(`vitascope-url-1\n${action}\n${path}\n${expires}`).digest('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
