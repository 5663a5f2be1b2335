import type { Observable } from 'rxjs';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.js';
import type { StreamEvent } from './stream-registry.js';

/** Bytes that may wait for a client before messages are left out for it. */
const MAX_WAITING = 1_000_000;
/** Milliseconds from ping to ping; who has not answered the last one by then is gone. */
const BEAT_MS = 15_000;

/** Options of the WebSocket server: clients have nothing to say, and pongs to those who do not read are not gathered. */
export const socketOptions = {
  maxPayload: 4096,
  perMessageDeflate: false,
  autoPong: false,
  handleProtocols: (protocols: Set<string>): string | false => protocols.has('vitascope') && 'vitascope',
} as const;

/** Sends events as JSON texts `{ type, stream, data }` until the client goes. A slow client gets fewer, a silent one is cut off. */
export function sendToSocket(socket: WebSocket, events: Observable<StreamEvent>, clock: Clock): void {
  const hasRoom = (): boolean => socket.bufferedAmount <= MAX_WAITING;
  const subscription = events.subscribe({
    next: ({ type, stream, data }) => {
      if (hasRoom()) socket.send(JSON.stringify({ type, stream, data }));
    },
    error: () => socket.close(1011),
    complete: () => socket.close(1001),
  });
  socket.on('ping', (data) => {
    if (hasRoom()) socket.pong(data);
  });
  // It is closed after errors anyway.
  socket.on('error', () => undefined);
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const beat = (): (() => void) =>
    clock.after(BEAT_MS, () => {
      if (!answered) {
        socket.terminate();
        return;
      }
      answered = false;
      socket.ping();
      cancel = beat();
    });
  let cancel = beat();
  socket.once('close', () => {
    cancel();
    subscription.unsubscribe();
  });
}

/** Milliseconds that clients have to say goodbye when the server ends. */
const GOODBYE_MS = 1000;

/** Says goodbye to all clients, and cuts off who does not answer. */
export function endSockets(server: WebSocketServer, clock: Clock): void {
  for (const socket of server.clients) {
    socket.close(1001);
    socket.once(
      'close',
      clock.after(GOODBYE_MS, () => socket.terminate()),
    );
  }
  server.close();
}
