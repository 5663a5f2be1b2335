import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FlvMessages, RtmpMessages } from '../../tests/helpers/media-messages.js';
import { RtmpClient } from '../../tests/helpers/rtmp-client.js';
import { pieceOf } from './flv-pieces.js';
import type { TakePiece } from './pieces.js';

const RETRY_MS = 250;

/** What players do besides playing. */
export interface PlayOptions {
  readonly take: TakePiece;
  /** A connection has been made; what comes does not continue what came before. */
  readonly connected?: (() => void) | undefined;
  /** Leaves. */
  readonly signal: AbortSignal;
}

/** Plays `http://…` as FLV, and again when the server ends it or has nothing yet. Resolves when the signal aborts. */
export async function playHttpFlv(url: string, options: PlayOptions): Promise<void> {
  const { signal, connected } = options;
  while (!signal.aborted) {
    const answer = await open(url, signal);
    if (answer?.statusCode === 200) {
      connected?.();
      await readAll(answer, options.take);
    }
    answer?.destroy();
    await pause(signal);
  }
}

/** The same by RTMP. */
export async function playRtmp(url: string, { take, connected, signal }: PlayOptions): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const [, app = '', name = ''] = pathname.split('/');
  while (!signal.aborted) {
    const client = await RtmpClient.connect(Number(port), hostname).catch(() => undefined);
    if (client !== undefined) {
      connected?.();
      const leave = (): unknown => client.socket.destroy();
      signal.addEventListener('abort', leave);
      const messages = new RtmpMessages((message) => give(message, take));
      client.socket.on('data', (bytes) => messages.push(bytes));
      await client.greet(app).catch(() => undefined);
      client.command('play', 3, null, name);
      client.forget();
      await client.closed;
      signal.removeEventListener('abort', leave);
    }
    await pause(signal);
  }
}

/** Until the next attempt. */
export async function pause(signal: AbortSignal): Promise<void> {
  await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
}

async function open(url: string, signal: AbortSignal): Promise<IncomingMessage | undefined> {
  try {
    const [answer] = (await once(get(url, { signal }), 'response')) as [IncomingMessage];
    return answer;
  } catch {
    return undefined;
  }
}

async function readAll(answer: IncomingMessage, take: TakePiece): Promise<void> {
  const messages = new FlvMessages((message) => give(message, take));
  try {
    for await (const bytes of answer) messages.push(bytes as Buffer);
  } catch {
    // The connection was lost, or the player leaves.
  }
}

function give(message: Parameters<typeof pieceOf>[0], take: TakePiece): void {
  const piece = pieceOf(message);
  if (piece !== undefined) take(piece);
}
