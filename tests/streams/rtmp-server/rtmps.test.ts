import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { RtmpServer } from '../../../streams/rtmp-server/index.js';
import { RtmpClient } from '../../helpers/rtmp-client.js';
import { everybody, rtmpServers } from './rtmp-servers.js';
import { secondCertificate, secondKey } from './second-certificate.js';

const start = rtmpServers();
const pem = (name: string) =>
  readFileSync(new URL(`../../../node_modules/node-media-server/bin/${name}.pem`, import.meta.url));
const first = { key: pem('key'), cert: pem('cert') };

/** Whom a new client sees. */
async function shown(port: number): Promise<string> {
  const client = await RtmpClient.connectTls(port);
  const { subject } = (client.socket as TLSSocket).getPeerCertificate();
  client.socket.destroy();
  await client.closed;
  return [subject.CN].flat().join();
}

describe('RTMPS', () => {
  it('is RTMP over TLS, and who speaks it without TLS is closed', async () => {
    const rtmps = { port: 0, ...first };
    const { server, until, events, keep } = await start({ rtmps });
    const client = keep(await RtmpClient.connectTls(server.ports.rtmps ?? 0));
    client.handshake();
    client.command('connect', 1, { app: 'live', tcUrl: 'rtmps://127.0.0.1/live' });
    client.command('publish', 3, null, 'cam1', 'live');
    await client.until('NetStream.Publish.Start');
    expect(await until('publish-start')).toMatchObject({ session: { protocol: 'rtmps' } });
    const plain = await RtmpClient.connect(server.ports.rtmps ?? 0);
    plain.handshake();
    await plain.closed;
    expect(events).toHaveLength(1);
  });

  it('shows another certificate when told to, and who is connected stays', async () => {
    const { server, keep } = await start({ rtmps: { port: 0, ...first } });
    const port = server.ports.rtmps ?? 0;
    const client = keep(await RtmpClient.connectTls(port));
    await client.greet();
    const before = await shown(port);
    server.setCertificate({ key: secondKey, cert: secondCertificate });
    expect(await shown(port)).toBe('second.test');
    expect(before).not.toBe('second.test');
    client.command('publish', 3, null, 'cam1', 'live');
    await client.until('NetStream.Publish.Start');
  });

  it.each([
    ['is none', { key: secondKey, cert: 'no certificate' }],
    ['belongs to another key', { key: secondKey, cert: first.cert }],
  ])('keeps its certificate when the new one %s', async (_, certificate) => {
    const { server } = await start({ rtmps: { port: 0, key: secondKey, cert: secondCertificate } });
    expect(() => server.setCertificate(certificate)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(await shown(server.ports.rtmps ?? 0)).toBe('second.test');
  });

  it('has no certificate to change where there is no RTMPS', async () => {
    const { server } = await start();
    expect(() => server.setCertificate(first)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('refuses keys that are none', async () => {
    const rtmps = { port: 0, key: 'no key', cert: 'no certificate' };
    await expect(RtmpServer.start({ rtmpPort: 0, rtmps, authorize: everybody })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});
