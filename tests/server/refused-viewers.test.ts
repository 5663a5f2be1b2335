import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../config/server/config-file.js';
import { Access } from '../../server/access.js';
import { MOST_REFUSALS, RefusedViewers } from '../../server/refused-viewers.js';
import type { StreamProtocol } from '../../streams/rtmp-server/stream-request.js';
import { HandClock } from '../helpers/hand-clock.js';

const { config } = parseServerConfig('routes: [{ path: live/*, play: { key: watchme } }]', 'v.yaml', {});

function guarded() {
  const clock = new HandClock();
  const access = new Access({
    config: () => config,
    playOf: () => undefined,
    refusesPublish: () => undefined,
    secret: 'of-this-process',
    now: () => 0,
    refused: new RefusedViewers(() => clock.now()),
  });
  const watch = (ip: string, query: Record<string, string>, protocol: StreamProtocol = 'http-flv') =>
    access.authorize({ action: 'play', path: 'live/cam1', query, ip, protocol });
  /** How many of the attempts were answered by looking at the key. */
  const guess = async (ip: string, times: number, protocol?: StreamProtocol): Promise<number> => {
    let looked = 0;
    for (let i = 0; i < times; i += 1) {
      const answer = await watch(ip, { key: `guess-${i}` }, protocol);
      if (!answer.ok && answer.retryAfterS === undefined) looked += 1;
    }
    return looked;
  };
  return { clock, watch, guess };
}

describe('who tries play keys', () => {
  it('has so many attempts a minute, and then even the right key is not looked at', async () => {
    const { guess, watch } = guarded();
    expect(await guess('192.0.2.1', 100)).toBe(MOST_REFUSALS);
    expect(await watch('192.0.2.1', { key: 'watchme' })).toEqual({
      ok: false,
      reason: 'too many viewers from 192.0.2.1 were refused',
      retryAfterS: expect.any(Number),
    });
    expect(await watch('192.0.2.2', { key: 'watchme' })).toMatchObject({ ok: true });
  });

  it('cannot get around it by another address of its network, or another way over HTTP', async () => {
    const { guess } = guarded();
    expect(await guess('2001:db8::1', 20)).toBe(20);
    expect(await guess('2001:db8::2', 20, 'ws-flv')).toBe(10);
  });

  it('keeps those behind the same address out for a while only, however long it goes on', async () => {
    const { clock, guess, watch } = guarded();
    await guess('192.0.2.1', 1000);
    const answer = await watch('192.0.2.1', { key: 'watchme' });
    const { retryAfterS = 0 } = answer as { retryAfterS?: number };
    expect(retryAfterS).toBeGreaterThan(0);
    expect(retryAfterS).toBeLessThanOrEqual(62);
    clock.turn(retryAfterS * 1000);
    expect(await watch('192.0.2.1', { key: 'watchme' })).toMatchObject({ ok: true });
    clock.turn(120_000);
    expect(await guess('192.0.2.1', 100)).toBe(MOST_REFUSALS);
  });

  it('does not count while it has the right one', async () => {
    const { guess, watch } = guarded();
    for (let i = 0; i < 100; i += 1) expect(await watch('192.0.2.1', { key: 'watchme' })).toMatchObject({ ok: true });
    expect(await guess('192.0.2.1', 100)).toBe(MOST_REFUSALS);
  });

  it('by RTMP is held back by the limit of connections, and the own processes never are', async () => {
    const { guess, watch } = guarded();
    expect(await guess('127.0.0.1', 100, 'rtmp')).toBe(100);
    await guess('127.0.0.1', 100);
    expect(await watch('127.0.0.1', { internal: 'of-this-process' })).toEqual({ ok: true, internal: true });
  });
});
