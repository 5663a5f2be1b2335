import { request } from 'node:http';
import { loadGraph } from '../../config/load-graph.js';
import { parseServerConfig } from '../../config/server/config-file.js';
import type { ServerConfig } from '../../config/server/server-config.js';
import { LiveStream } from '../../jobs/live-stream.js';
import type { StreamView } from '../../server/http/stream-registry.js';
import { createLog } from '../../server/log.js';
import { MediaServer } from '../../server/media-server.js';
import { FlvOutput } from '../../streams/live/outputs/flv-output.js';
import { h264Clip } from '../fixtures/clips.js';
import { built } from './built.js';

/** Free ports, quick times. */
const QUICK = `
rtmp: { port: 0 }
http: { port: 0 }
supervisor: { heartbeatMs: 200, hangMs: 2000, restartFirstMs: 100, holdPictureMs: 500 }
log: { level: silent }
`;

/** A configuration for tests. @param yaml What differs; keys at the top level replace those of the quick defaults. */
export function testConfig(yaml: string): ServerConfig {
  const own = new Set([...yaml.matchAll(/^(\w+):/gm)].map(([, key]) => key));
  const rest = QUICK.split('\n').filter((line) => !own.has(line.split(':')[0]));
  return parseServerConfig(`${rest.join('\n')}\n${yaml}`, 'test.yaml').config;
}

/** A media server on free ports. */
export async function serveMedia(yaml: string): Promise<MediaServer> {
  const config = testConfig(yaml);
  const entry = built('server/stream/stream-entry.js');
  return await MediaServer.start({ config, provider: 'cpu', log: createLog(config), entry });
}

/** A film of 25 pictures and a second, a key frame each second, with sound, as a camera. */
export function cameraClip(): Promise<string> {
  return h264Clip({ frames: 100, width: 320, height: 180, fps: 25, gop: 25, audio: true });
}

/** Publishes {@link cameraClip} again and again, until it is stopped. */
export class TestPublisher {
  readonly #stream: LiveStream;
  readonly #output: FlvOutput;
  readonly #running: Promise<void>;
  troubles: readonly string[] = [];

  private constructor(stream: LiveStream, output: FlvOutput) {
    this.#stream = stream;
    this.#output = output;
    this.#running = stream.run().catch(() => undefined);
  }

  static async start(server: MediaServer, path: string): Promise<TestPublisher> {
    const troubles: string[] = [];
    const output = new FlvOutput({
      url: `rtmp://127.0.0.1:${server.ports.rtmp}/${path}`,
      onTrouble: (error) => troubles.push(error.message),
    });
    const stream = await LiveStream.open({
      input: `loop:${await cameraClip()}`,
      graph: await loadGraph('copy'),
      outputs: [output],
    });
    const publisher = new TestPublisher(stream, output);
    publisher.troubles = troubles;
    return publisher;
  }

  get state(): string {
    return this.#output.metrics().state;
  }

  async stop(): Promise<void> {
    await this.#stream.stop();
    await this.#running;
  }
}

/** Waits until something is true, or fails with what it was last. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  isRight: (value: T) => boolean,
  ms = 60_000,
): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const value = await look();
    if (isRight(value)) return value;
    if (performance.now() > until) throw new Error(`it never came to that; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The stream as the API shows it, once it is as it should be. */
export function streamWhen(
  server: MediaServer,
  name: string,
  isRight: (view: StreamView) => boolean,
  ms?: number,
): Promise<StreamView> {
  const look = (): StreamView | undefined => server.streams.list().find((each) => each.name === name);
  return eventually(look, (view) => view !== undefined && isRight(view), ms) as Promise<StreamView>;
}

/** True when no process has this id. */
export function isGone(pid: number | null): boolean {
  if (pid === null) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

/** One tag of FLV: sound is 8, pictures are 9. */
export interface FlvTag {
  readonly type: number;
  readonly timestampMs: number;
  readonly data: Buffer;
}

/** Plays HTTP-FLV for as long as a test wants, and keeps what came. */
export class FlvPlayer {
  readonly tags: FlvTag[] = [];
  ended = false;
  #rest = Buffer.alloc(0);
  #skip = 13;
  readonly #request: ReturnType<typeof request>;

  constructor(url: string) {
    this.#request = request(url, (response) => {
      response.on('data', (bytes: Buffer) => this.#take(bytes));
      response.on('close', () => {
        this.ended = true;
      });
    });
    this.#request.on('error', () => {
      this.ended = true;
    });
    this.#request.end();
  }

  get media(): FlvTag[] {
    return this.tags.filter(({ type, data }) => (type === 9 && data[1] === 1) || (type === 8 && data[1] === 1));
  }

  stop(): void {
    this.#request.destroy();
  }

  #take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    if (this.#skip > 0 && this.#rest.length >= this.#skip) {
      this.#rest = this.#rest.subarray(this.#skip);
      this.#skip = 0;
    }
    while (this.#skip === 0 && this.#rest.length >= 11) {
      const size = this.#rest.readUIntBE(1, 3);
      if (this.#rest.length < size + 15) return;
      const timestampMs = this.#rest.readUIntBE(4, 3) + this.#rest.readUInt8(7) * 2 ** 24;
      this.tags.push({
        type: this.#rest.readUInt8(0),
        timestampMs,
        data: Buffer.from(this.#rest.subarray(11, 11 + size)),
      });
      this.#rest = this.#rest.subarray(size + 15);
    }
  }
}
