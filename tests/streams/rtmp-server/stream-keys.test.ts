import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorizeByKeys, sameKey, sign, verify } from '../../../streams/rtmp-server/stream-keys.js';
import { type StreamRequest, streamQuery } from '../../../streams/rtmp-server/stream-request.js';

const secret = 'a secret of some length';
const nowMs = 1_800_000_000_000;
const use = { action: 'publish', path: 'live/cam1', expires: 1_800_000_060 } as const;

describe('signed URLs', () => {
  it('hold the expiry and an HMAC-SHA256 over version, action, path and expiry', () => {
    const mac = createHmac('sha256', secret)
      .update('vitascope-url-1\npublish\nlive/cam1\n1800000060')
      .digest('base64url');
    expect(sign(use, secret)).toBe(`expires=1800000060&sig=${mac}`);
  });

  it('are good until they expire', () => {
    const query = streamQuery(sign(use, secret));
    expect(verify(query, use, secret, 1_800_000_059_999)).toBeUndefined();
    expect(verify(query, use, secret, 1_800_000_060_000)).toBe('the signed URL has expired');
  });

  it.each([
    ['another path', { path: 'live/cam2' }],
    ['another action', { action: 'play' as const }],
  ])('are not good for %s', (_, other) => {
    expect(verify(streamQuery(sign(use, secret)), { ...use, ...other }, secret, nowMs)).toBe(
      'the signature does not match',
    );
  });

  it('cannot be made to last longer', () => {
    const query = { ...streamQuery(sign(use, secret)), expires: '1900000000' };
    expect(verify(query, use, secret, nowMs)).toBe('the signature does not match');
  });

  it.each(['', '1e9', '-1', '1800000060.5', '18000000600000'])('refuse the expiry "%s"', (expires) => {
    expect(verify({ expires, sig: 'x' }, use, secret, nowMs)).toBe('the signed URL has no valid expiry');
  });

  it('are not made with a short secret', () => {
    expect(() => sign(use, 'short')).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });
});

describe('keys', () => {
  const request = (query: string, action: 'publish' | 'play' = 'publish', path = 'live/cam1'): StreamRequest => ({
    action,
    path,
    query: streamQuery(query),
    ip: '127.0.0.1',
    protocol: 'rtmp',
  });
  const routes = { 'live/cam1': { publish: ['one', 'two'], urlSecret: secret }, 'live/open': {} };
  const authorize = authorizeByKeys(
    (path) => routes[path as keyof typeof routes],
    () => nowMs,
  );

  it.each(['key=one', 'key=two', sign(use, secret)])('let a publisher in with "%s"', (query) => {
    expect(authorize(request(query))).toEqual({ ok: true });
  });

  it.each([
    ['', 'a key is needed to publish live/cam1'],
    ['key=three', 'wrong key to publish live/cam1'],
    ['key=', 'wrong key to publish live/cam1'],
    ['key=one&sig=x', 'the signed URL has no valid expiry'],
  ])('refuse "%s"', (query, reason) => {
    expect(authorize(request(query))).toEqual({ ok: false, reason });
  });

  it('of publishers are not keys of players', () => {
    expect(authorize(request('key=one', 'play'))).toEqual({ ok: false, reason: 'wrong key to play live/cam1' });
  });

  it('are not asked for where there are none', () => {
    expect(authorize(request('', 'publish', 'live/open'))).toEqual({ ok: true });
  });

  it('do not open paths without a route', () => {
    expect(authorize(request('key=one', 'publish', 'live/other'))).toEqual({
      ok: false,
      reason: 'no route for live/other',
    });
  });

  it('of different lengths can be compared', () => {
    expect([sameKey('a', 'abc'), sameKey('abc', 'abc'), sameKey('', 'abc')]).toEqual([false, true, false]);
  });
});
