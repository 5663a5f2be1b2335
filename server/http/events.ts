import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import type { Clock } from '../clock.js';
import type { StreamEvent } from './stream-registry.js';

/** Milliseconds between comments that keep proxies from closing the connection. */
const BEAT_MS = 15_000;

/**
 * Sends events as server-sent events until the client goes. While a slow client has not taken what was sent, events are left out for it; one that takes
 * nothing from one beat to the next is cut off.
 */
export function sendEvents(reply: FastifyReply, events: Observable<StreamEvent>, clock: Clock): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...plainHeaders(reply), 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.write(':\n\n');
  const subscription = events.subscribe({
    next: ({ type, stream, data }) => {
      if (raw.writableNeedDrain) return;
      raw.write(`event: ${type.replace(/[^\w-]/g, '')}\ndata: ${JSON.stringify({ stream, data })}\n\n`);
    },
    error: () => raw.end(),
    complete: () => raw.end(),
  });
  let wasSlow = false;
  const beat = (): (() => void) =>
    clock.after(BEAT_MS, () => {
      const isSlow = raw.writableNeedDrain;
      if (isSlow && wasSlow) {
        raw.destroy();
        return;
      }
      wasSlow = isSlow;
      if (!isSlow) raw.write(':\n\n');
      cancel = beat();
    });
  let cancel = beat();
  raw.once('close', () => {
    cancel();
    subscription.unsubscribe();
  });
}

/** Headers that hooks have set, which an answer that goes past Fastify would lose. */
function plainHeaders(reply: FastifyReply): Record<string, string> {
  const headers = Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined);
  return Object.fromEntries(headers.map(([name, value]) => [name, String(value)]));
}
