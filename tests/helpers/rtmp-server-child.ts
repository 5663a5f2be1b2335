/** A server of its own process for tests: prints its port, stops on "stop", and has to end by itself after that. */
import { RtmpServer } from '../../streams/rtmp-server/index.js';

const server = await RtmpServer.start({
  rtmpPort: 0,
  httpPort: 0,
  authorize: () => ({ ok: true }),
  limits: {
    handshakeMs: 2_000,
    maxMessageBytes: 2 * 1024 * 1024,
    maxQueueBytes: 1024 * 1024,
    maxBitrate: 100_000_000_000,
    maxFrameRate: 1e9,
  },
});

process.on('message', (message) => {
  if (message === 'memory') process.send?.({ rss: process.memoryUsage().rss });
  if (message === 'stop') {
    void server.stop().then(() => process.disconnect());
  }
});
process.send?.({ ports: server.ports });
