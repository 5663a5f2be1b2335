/** A server of its own process for tests: tells its ports, answers "stats", stops on "stop", and has to end by itself after that. */
import { type RtmpLimits, RtmpServer } from '../../streams/rtmp-server/index.js';

const limits: Partial<RtmpLimits> = {
  handshakeMs: 2_000,
  maxMessageBytes: 2 * 1024 * 1024,
  maxQueueBytes: 1024 * 1024,
  // As fast as the machine can send.
  maxBitrate: 100_000_000_000,
  maxFrameRate: 1e9,
  ...(JSON.parse(process.argv[2] ?? '{}') as Partial<RtmpLimits>),
};
const server = await RtmpServer.start({ rtmpPort: 0, httpPort: 0, authorize: () => ({ ok: true }), limits });

process.on('message', (message) => {
  if (message === 'stats') {
    process.send?.({ rss: process.memoryUsage().rss, metrics: server.metrics(), sessions: server.sessions() });
  }
  if (message === 'stop') {
    void server.stop().then(() => process.disconnect());
  }
});
process.send?.({ ports: server.ports });
