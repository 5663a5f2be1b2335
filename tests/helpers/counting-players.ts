import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FlvMessages, type MediaMessage, RtmpMessages } from './media-messages.js';
import { RtmpClient } from './rtmp-client.js';

/** Of tag, codec and time. */
const videoTagBytes = 5;

/** A picture that says which one it is, of so many bytes. */
export function numberedPicture(number: number, isKey: boolean, bytes: number): Buffer {
  const data = Buffer.alloc(videoTagBytes + Math.max(4, bytes), 0x5a);
  data.set([isKey ? 0x17 : 0x27, 1, 0, 0, 0]);
  data.writeUInt32BE(number, videoTagBytes);
  return data;
}

/** A player that expects every numbered picture, in order. */
export class CountingPlayer {
  readonly socket: Socket;
  /** Of pictures, as they came. */
  readonly numbers: number[] = [];
  /** Everything else: headers, sound, metadata. */
  readonly others: MediaMessage[] = [];
  #wake: () => void = () => undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.once('close', () => this.#wake());
  }

  static async overRtmp(port: number, name: string): Promise<CountingPlayer> {
    const client = await RtmpClient.connect(port);
    const player = new CountingPlayer(client.socket);
    const messages = new RtmpMessages((message) => player.#take(message));
    client.socket.on('data', (bytes) => messages.push(bytes));
    await client.greet();
    client.command('play', 3, null, name);
    await client.until('NetStream.Play.');
    // Every byte is kept as text otherwise.
    client.forget();
    return player;
  }

  static async overHttp(url: string): Promise<CountingPlayer> {
    const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
    const player = new CountingPlayer(answer.socket);
    const messages = new FlvMessages((message) => player.#take(message));
    answer.on('error', () => undefined).on('data', (bytes: Buffer) => messages.push(bytes));
    return player;
  }

  /** Waits until this picture has come. */
  async until(number: number): Promise<void> {
    while ((this.numbers.at(-1) ?? -1) < number) {
      if (this.socket.destroyed) throw new Error(`the server closed after picture ${this.numbers.at(-1)}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(message: MediaMessage): void {
    const { type, data } = message;
    if (type === 9 && data[1] === 1) this.numbers.push(data.readUInt32BE(videoTagBytes));
    else this.others.push(message);
    this.#wake();
  }
}
