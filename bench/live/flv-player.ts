import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlvMessages, RtmpMessages } from '../../tests/helpers/media-messages.js';
import { RtmpClient } from '../../tests/helpers/rtmp-client.js';
import { pieceOf } from './flv-pieces.js';
import type { TakePiece } from './pieces.js';

const RETRY_MS = 250;

/** Plays `http://…` as FLV until the server ends it, and tries again while there is nothing. Never resolves. */
export async function playHttpFlv(url: string, take: TakePiece): Promise<never> {
  for (;;) {
    const answer = await open(url);
    if (answer?.statusCode === 200) await readAll(answer, take);
    else answer?.destroy();
    await sleep(RETRY_MS);
  }
}

/** The same by RTMP. */
export async function playRtmp(url: string, take: TakePiece): Promise<never> {
  const { hostname, port, pathname } = new URL(url);
  const [, app = '', name = ''] = pathname.split('/');
  for (;;) {
    const client = await RtmpClient.connect(Number(port), hostname).catch(() => undefined);
    if (client !== undefined) {
      const messages = new RtmpMessages((message) => {
        const piece = pieceOf(message);
        if (piece !== undefined) take(piece);
      });
      client.socket.on('data', (bytes) => messages.push(bytes));
      await client.greet(app).catch(() => undefined);
      client.command('play', 3, null, name);
      client.forget();
      await client.closed;
    }
    await sleep(RETRY_MS);
  }
}

async function open(url: string): Promise<IncomingMessage | undefined> {
  try {
    const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
    return answer;
  } catch {
    return undefined;
  }
}

async function readAll(answer: IncomingMessage, take: TakePiece): Promise<void> {
  const messages = new FlvMessages((message) => {
    const piece = pieceOf(message);
    if (piece !== undefined) take(piece);
  });
  try {
    for await (const bytes of answer) messages.push(bytes as Buffer);
  } catch {
    // The connection was lost: play again.
  }
}
