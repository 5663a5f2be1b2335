import { describe, expect, it } from 'vitest';
import { rtmpServers } from './rtmp-servers.js';

const start = rtmpServers();

describe('playing', () => {
  it('may lead to another path', async () => {
    const { publish, play } = await start({
      authorize: ({ action, path }) => (action === 'play' ? { ok: true, path: `${path}.out` } : { ok: true }),
    });
    const publisher = await publish('cam1.out');
    publisher.videoHeader();
    publisher.picture(0, true, 3_000);
    await (await play('cam1')).untilBytes(3_000);
  });

  it('ends when no publisher comes', async () => {
    const { play, until } = await start({ limits: { playersWaitMs: 100 } });
    const player = await play('cam1');
    await player.closed;
    expect(await until('play-stop')).toMatchObject({ reason: 'there is no publisher' });
  });

  it('is refused above the limit of players', async () => {
    const { play } = await start({ limits: { maxPlayersPerStream: 1 } });
    await play('cam1');
    const second = await play('cam1');
    await second.closed;
    expect(second.has('live/cam1 has 1 players already')).toBe(true);
  });

  it("is not refused to the server's own players, nor do they count", async () => {
    const { play, until } = await start({
      limits: { maxPlayersPerStream: 1 },
      authorize: ({ query }) => ({ ok: true, internal: query.internal === 'mine' }),
    });
    const players = ['cam1?internal=mine', 'cam1', 'cam1?internal=mine'];
    for (const name of players) expect((await play(name)).has('Play.Start')).toBe(true);
    expect(await until('play-start')).toMatchObject({ session: { path: 'live/cam1', internal: true } });
    expect((await play('cam1')).has('has 1 players already')).toBe(true);
  });

  it('too slowly costs packets, then the connection, and nobody else anything', async () => {
    // As fast as the machine can send, for as long as the slow one is borne.
    const limits = { maxQueueBytes: 400_000, slowPlayerMs: 200, maxBitrate: 1e12 };
    const { publish, play, until, server } = await start({ limits });
    const publisher = await publish('cam1');
    const slow = await play('cam1');
    const fast = await play('cam1');
    const stopped = until('play-stop');
    slow.socket.pause();
    publisher.videoHeader();
    let sent = 0;
    let most = 0;
    let gone = false;
    void stopped.then(() => {
      gone = true;
    });
    while (!gone) {
      publisher.picture(sent, sent % 10 === 0, 50_000);
      sent += 1;
      await fast.untilBytes(sent * 50_000);
      for (const { queuedBytes } of server.sessions()) most = Math.max(most, queuedBytes);
    }
    const { session } = await stopped;
    expect(session.packetsDropped).toBeGreaterThan(0);
    expect(most).toBeGreaterThan(200_000);
    expect(most).toBeLessThanOrEqual(400_000);
    expect(server.metrics().slowPlayers).toBe(1);
    expect(server.sessions().filter(({ action }) => action === 'play')).toMatchObject([{ packetsDropped: 0 }]);
  });
});
