import { afterEach, describe, expect, it } from 'vitest';
import { senderOf, trustedProxies } from '../../../server/http/trusted-proxies.js';
import { clientAddress } from '../../../streams/rtmp-server/client-address.js';
import { type ServedHttp, type ServeHttpOptions, serveHttp } from '../../helpers/http-app.js';

let served: ServedHttp | undefined;
afterEach(async () => await served?.app.close());

async function serve(options: ServeHttpOptions = {}): Promise<ServedHttp> {
  served = await serveHttp(options);
  return served;
}

/** A request that comes from `peer`, who says that it is for `client`. */
async function ask({ app }: ServedHttp, peer: string, client: string): Promise<number> {
  const headers = { 'x-forwarded-for': client };
  return (await app.inject({ url: '/api/streams', remoteAddress: peer, headers })).statusCode;
}

const ipsOf = ({ lines }: ServedHttp): unknown[] => lines.map((line) => JSON.parse(line).ip);

describe('trustedProxies', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['::ffff:127.0.0.1', true],
    ['10.200.3.4', true],
    ['::ffff:10.200.3.4', true],
    ['11.0.0.1', false],
    ['2001:db8::7', true],
    ['2001:db9::7', false],
    ['10.1.1.1:80', false],
    ['', false],
  ])('says of %s: %s', (address, expected) => {
    expect(trustedProxies(() => ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'])(address)).toBe(expected);
  });

  it('goes by the list as it is now', () => {
    let list: readonly string[] = [];
    const isTrusted = trustedProxies(() => list);
    expect(isTrusted('10.0.0.1')).toBe(false);
    list = ['10.0.0.1'];
    expect(isTrusted('10.0.0.1')).toBe(true);
  });
});

describe('who sent a request', () => {
  const isTrusted = trustedProxies(() => ['127.0.0.1', '10.0.0.0/8']);
  const sender = (remoteAddress: string, header?: string) =>
    senderOf(
      { headers: header === undefined ? {} : { 'x-forwarded-for': header }, socket: { remoteAddress } },
      isTrusted,
    );

  it.each([
    ['the other end of the socket', '192.0.2.9', undefined, '192.0.2.9'],
    ['the other end, whatever it says, where it is not trusted', '192.0.2.9', '192.0.2.1', '192.0.2.9'],
    ['whom a trusted proxy names', '::ffff:127.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['the last one that no trusted proxy is', '127.0.0.1', '198.51.100.1, 192.0.2.1,10.1.2.3', '192.0.2.1'],
    ['the first proxy, where all are trusted', '127.0.0.1', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['the proxy, when it names nobody', '127.0.0.1', ' ', '127.0.0.1'],
  ])('is %s', async (_, peer, header, expected) => {
    expect(sender(peer, header)).toBe(expected);
    const { app, lines } = await serve({ level: 'debug', trustProxy: ['127.0.0.1', '10.0.0.0/8'] });
    const headers = header === undefined ? {} : { 'x-forwarded-for': header };
    await app.inject({ url: '/healthz', remoteAddress: peer, headers });
    // As Fastify sees it.
    expect(lines.map((line) => clientAddress(JSON.parse(line).ip))).toEqual([expected]);
  });
});

describe('the limit of requests behind a proxy', () => {
  const limits = { requestsPerMinute: 1 };

  it('counts each client of a trusted proxy for itself', async () => {
    const app = await serve({ limits, trustProxy: ['127.0.0.1'] });
    const statuses = [
      await ask(app, '127.0.0.1', '192.0.2.1'),
      await ask(app, '127.0.0.1', '192.0.2.2'),
      await ask(app, '127.0.0.1', '192.0.2.1'),
    ];
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('believes only what the proxy itself has added', async () => {
    const app = await serve({ limits, trustProxy: ['127.0.0.1'] });
    const statuses = [
      await ask(app, '127.0.0.1', '198.51.100.1, 192.0.2.1'),
      await ask(app, '127.0.0.1', '198.51.100.2, 192.0.2.1'),
    ];
    expect(statuses).toEqual([200, 429]);
  });

  it.each([
    ['nobody is trusted', []],
    ['others are', ['10.0.0.0/8']],
  ])('passes over what clients say of themselves where %s', async (_, trustProxy) => {
    const app = await serve({ limits, trustProxy });
    const statuses = [await ask(app, '192.0.2.9', '192.0.2.1'), await ask(app, '192.0.2.9', '192.0.2.2')];
    expect(statuses).toEqual([200, 429]);
  });
});

describe('the log of requests behind a proxy', () => {
  it.each([
    ['the client', ['127.0.0.1'], '192.0.2.1'],
    ['the proxy, where it is not trusted,', [], '127.0.0.1'],
  ])('names %s', async (_, trustProxy, expected) => {
    const app = await serve({ level: 'debug', trustProxy });
    await ask(app, '127.0.0.1', '192.0.2.1');
    expect(ipsOf(app)).toEqual([expected]);
  });
});
