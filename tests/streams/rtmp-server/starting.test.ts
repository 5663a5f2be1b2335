import { describe, expect, it } from 'vitest';
import { RtmpServer } from '../../../streams/rtmp-server/index.js';
import { RtmpClient } from '../../helpers/rtmp-client.js';
import { everybody, rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();

describe('starting', () => {
  it('says which port is taken, and opens none', async () => {
    const { server } = await start();
    const taken = server.ports.http ?? 0;
    await expect(RtmpServer.start({ rtmpPort: 0, httpPort: taken, authorize: everybody })).rejects.toMatchObject({
      code: 'LISTEN_FAILED',
      context: { port: taken },
    });
  });

  it('refuses limits that are none', async () => {
    const limits = { handshakeMs: 0 };
    await expect(RtmpServer.start({ rtmpPort: 0, authorize: everybody, limits })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });

  it('refuses new limits that are none, and keeps those it has', async () => {
    const { server, publish } = await start({ limits: { maxConnections: 1 } });
    for (const limits of [{ maxConnections: 0 }, { maxFrameRate: Number.NaN }, { maxPlayers: 3 }]) {
      expect(() => server.setLimits(limits)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    }
    await publish('cam1');
    await expect(publish('cam2')).rejects.toThrow('the server closed');
    server.setLimits({ maxConnections: 2 });
    expect((await publish('cam2')).has('Publish.Start')).toBe(true);
  });

  it('works twice in one process, each with its own streams', async () => {
    const { publish, server } = await start();
    await publish('cam1');
    const other = await RtmpServer.start({ rtmpPort: 0, authorize: everybody });
    const publisher = await RtmpClient.publishing(other.ports.rtmp, 'cam1');
    expect(publisher.has('Publish.Start')).toBe(true);
    await other.stop();
    expect(server.sessions()).toHaveLength(1);
  });
});
