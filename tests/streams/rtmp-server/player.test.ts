import { describe, expect, it } from 'vitest';
import { packetFlag } from '../../../streams/rtmp-server/media-packet.js';
import { Player } from '../../../streams/rtmp-server/player.js';

function slowPlayer(options: { maxQueueBytes?: number } = {}) {
  const sent: string[] = [];
  const state = { queued: 0, now: 0 };
  const player = new Player({
    id: 'p',
    ip: '127.0.0.1',
    protocol: 'rtmp',
    path: 'live/a',
    maxQueueBytes: options.maxQueueBytes ?? 10,
    slowPlayerMs: 1_000,
    now: () => state.now,
    transport: {
      write: (bytes) => {
        sent.push(bytes.toString());
        state.queued += bytes.length;
      },
      queuedBytes: () => state.queued,
      end: () => undefined,
      destroy: () => undefined,
    },
  });
  const offer = (text: string, flag: number, hasVideo = true) =>
    player.offer(Buffer.from(text), { flag, hasVideo, headers: () => [Buffer.from('H')] });
  return { player, sent, state, offer };
}

describe('a player that does not keep up', () => {
  it('misses packets up to the key frame after half of its queue has gone', () => {
    const { player, sent, state, offer } = slowPlayer();
    offer('12345678', packetFlag.keyFrame);
    offer('abc', packetFlag.frame);
    offer('def', packetFlag.keyFrame);
    state.queued = 5;
    offer('ghi', packetFlag.frame);
    offer('jkl', packetFlag.audio);
    offer('K', packetFlag.keyFrame);
    offer('m', packetFlag.frame);
    expect(sent).toEqual(['12345678', 'K', 'm']);
    expect(player.packetsDropped).toBe(4);
  });

  it('gets the headers that it missed', () => {
    const { sent, state, offer } = slowPlayer();
    offer('1234567890', packetFlag.keyFrame);
    offer('v', packetFlag.videoHeader);
    state.queued = 0;
    offer('K', packetFlag.keyFrame);
    expect(sent).toEqual(['1234567890', 'H', 'K']);
  });

  it('goes on with any sound when there are no pictures', () => {
    const { sent, state, offer } = slowPlayer();
    offer('1234567890', packetFlag.audio, false);
    offer('a', packetFlag.audio, false);
    state.queued = 0;
    offer('b', packetFlag.audio, false);
    expect(sent).toEqual(['1234567890', 'b']);
  });

  it('never has more waiting than its queue holds', () => {
    const { state, offer } = slowPlayer({ maxQueueBytes: 100 });
    for (let i = 0; i < 1_000; i += 1) offer('123456789', i % 10 === 0 ? packetFlag.keyFrame : packetFlag.frame);
    expect(state.queued).toBeLessThanOrEqual(100);
  });

  it('is too slow when its queue stays more than half full', () => {
    const { player, state, offer } = slowPlayer();
    offer('123456', packetFlag.keyFrame);
    expect(player.isTooSlow()).toBe(false);
    state.now = 999;
    expect(player.isTooSlow()).toBe(false);
    state.now = 1_000;
    expect(player.isTooSlow()).toBe(true);
  });

  it('is not too slow when half of it went in between', () => {
    const { player, state, offer } = slowPlayer();
    offer('123456', packetFlag.keyFrame);
    player.isTooSlow();
    state.queued = 5;
    state.now = 600;
    player.isTooSlow();
    state.queued = 6;
    state.now = 1_200;
    expect(player.isTooSlow()).toBe(false);
  });

  it('is sent a message above the limit when nothing else waits', () => {
    const { sent, offer } = slowPlayer();
    offer('a message of more than ten bytes', packetFlag.keyFrame);
    expect(sent).toHaveLength(1);
  });
});
