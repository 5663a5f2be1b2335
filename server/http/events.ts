import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import type { StreamEvent } from './stream-registry.js';

/** Sends events as server-sent events until the client goes. While a slow client has not taken what was sent, events are left out for it. */
export function sendEvents(reply: FastifyReply, events: Observable<StreamEvent>): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.write(':\n\n');
  const subscription = events.subscribe({
    next: ({ type, stream, data }) => {
      if (raw.writableNeedDrain) return;
      raw.write(`event: ${type.replace(/[^\w-]/g, '')}\ndata: ${JSON.stringify({ stream, data })}\n\n`);
    },
    error: () => raw.end(),
    complete: () => raw.end(),
  });
  raw.once('close', () => subscription.unsubscribe());
}
