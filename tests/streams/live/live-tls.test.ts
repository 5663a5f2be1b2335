import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openLiveInput } from '../../../streams/live/live-input.js';
import { h264Clip } from '../../fixtures/media.js';
import { type LiveServer, liveServer, whole } from '../../helpers/live-server.js';
import { localhostCertificate } from '../../helpers/localhost-certificate.js';
import { workspace } from '../../helpers/workspace.js';

describe('a live input over TLS', () => {
  const path = workspace();
  let server: LiveServer | undefined;
  let detour: Server | undefined;
  afterEach(async () => {
    await server?.close();
    detour?.close();
    detour = undefined;
  });

  async function serve(): Promise<LiveServer> {
    server = await liveServer(whole(await h264Clip({ container: 'ts' })), { tls: true });
    return server;
  }

  function caFile(): string {
    writeFileSync(path('ca.pem'), localhostCertificate);
    return path('ca.pem');
  }

  /** The same server by another address of this machine. */
  async function byAnotherAddress({ url }: LiveServer): Promise<string> {
    const there = Number(new URL(url).port);
    const relay = createServer((socket: Socket) => {
      const onward = connect(there, '127.0.0.1');
      for (const side of [socket, onward]) side.on('error', () => {});
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.2', resolve));
    detour = relay;
    return `https://127.0.0.2:${(relay.address() as AddressInfo).port}/live.ts`;
  }

  it('is refused where nobody vouches for the server, in words that help', async () => {
    const { url, requests } = await serve();
    const refused = openLiveInput(url);
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    await expect(refused).rejects.toThrow(/its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    expect(requests()).toBe(0);
  });

  it.each([
    ['its certificate is trusted', () => ({ caFile: caFile() })],
    ['nothing is to be verified', () => ({ tlsVerify: false })],
  ])('is read where %s', async (_, options) => {
    const { url } = await serve();
    const input = await openLiveInput(url, { ...options(), slots: 64 });
    expect(input.size).toEqual({ width: 320, height: 240 });
    await input.stop();
  });

  it('is refused where the certificate is for another address', async ({ skip }) => {
    if (process.platform !== 'linux') skip('the machine has one loopback address');
    const url = await byAnotherAddress(await serve());
    await expect(openLiveInput(url, { caFile: caFile() })).rejects.toThrow(/ERR_TLS_CERT_ALTNAME_INVALID/);
    await (await openLiveInput(url, { tlsVerify: false })).stop();
  });

  it('is refused where the file of authorities is not there', async () => {
    const { url } = await serve();
    const refused = openLiveInput(url, { caFile: path('none.pem') });
    await expect(refused).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('none.pem'),
    });
  });
});
