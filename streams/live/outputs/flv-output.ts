import { setTimeout as delay } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { asVitascopeError, type Microseconds, type VitascopeError } from '../../../pipeline/index.js';
import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../live-types.js';
import { FlvMuxer, type FlvTag } from './flv-muxer.js';
import { PacketQueue } from './packet-queue.js';
import { type PublishTarget, parsePublishUrl } from './rtmp/publish-url.js';
import { RtmpPublisher } from './rtmp/rtmp-publisher.js';

/** Where to publish, and how patiently. */
export interface FlvOutputOptions {
  /** `rtmp://HOST[:PORT]/APP/KEY` or `rtmps://…`. */
  readonly url: string;
  /** Milliseconds until the server must have let the stream in. Default 10000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds after which a receiver that takes nothing is left and connected to anew. Default 10000. */
  readonly stallTimeoutMs?: number | undefined;
  /** Milliseconds from the end of a connection to the next attempt: the first, and the longest. It doubles, and varies by a fifth. Default 500 and 30000. */
  readonly backOffMs?: { readonly first: number; readonly longest: number } | undefined;
  /** Bytes that may wait for a slow receiver. Default 16 MiB. */
  readonly maxBytes?: number | undefined;
  /** Stream time that may wait for a slow receiver, milliseconds. Default 4000. */
  readonly maxWaitingMs?: number | undefined;
  /** For `rtmps`: certificates to trust, and the like. */
  readonly tls?: ConnectionOptions | undefined;
  /** Hears why a connection ended or could not be made; nothing in it is secret. */
  readonly onTrouble?: ((error: VitascopeError) => void) | undefined;
}

interface Connection {
  readonly publisher: RtmpPublisher;
  /** Made with the first packet, and anew when tracks change. */
  muxer: FlvMuxer | undefined;
  /** What is zero for the receiver. */
  originUs: Microseconds | undefined;
}

/** A connection that lasted this long was a good one: the next attempt comes soon. */
const GOOD_CONNECTION_MS = 10_000;

/**
 * Pushes a live stream to an RTMP server, for as long as it takes: when the connection is lost it is made anew, with growing pauses, and the stream goes on at a
 * key frame. Times begin at zero with each connection. While there is none, packets are dropped; a slow receiver loses what lies before the last key
 * frame. {@link write} never waits.
 */
export class FlvOutput implements LiveOutput {
  readonly name: string;
  readonly #target: PublishTarget;
  readonly #options: FlvOutputOptions;
  readonly #queue: PacketQueue;
  readonly #stop = new AbortController();
  #tracks: readonly EncodedTrack[] = [];
  #state: LiveOutputMetrics['state'] = 'waiting';
  #connection: Connection | undefined;
  #running: Promise<void> = Promise.resolve();
  #trouble: string | undefined;
  #bytesBefore = 0;
  #reconnects = -1;

  /** @throws VitascopeError `OPTION_INVALID` for a URL that is none. */
  constructor(options: FlvOutputOptions) {
    this.#options = options;
    this.#target = parsePublishUrl(options.url);
    this.name = this.#target.name;
    const { maxBytes = 16 * 1024 * 1024, maxWaitingMs = 4000 } = options;
    this.#queue = new PacketQueue({ maxBytes, maxUs: maxWaitingMs * 1000 });
  }

  /** Resolves at once and connects meanwhile. @throws VitascopeError `CONTAINER_CODEC` when FLV cannot hold a track. */
  async open(tracks: readonly EncodedTrack[]): Promise<void> {
    new FlvMuxer(tracks, 0).close();
    this.#take(tracks);
    this.#running = this.#run();
  }

  write(packet: EncodedPacket): void {
    if (this.#stop.signal.aborted) return;
    // Without a connection only what the next one would begin with is kept.
    if (this.#connection === undefined && packet.kind === 'video' && packet.isKey) this.#queue.restart();
    this.#queue.push(packet);
    this.#pump();
  }

  tracksChanged(tracks: readonly EncodedTrack[]): void {
    this.#pump();
    this.#take(tracks);
    // What could not be sent belongs to the tracks from before.
    this.#queue.restart();
    const connection = this.#connection;
    connection?.muxer?.close();
    if (connection !== undefined) connection.muxer = undefined;
  }

  discontinuity(): void {}

  async close(): Promise<void> {
    this.#pump();
    this.#stop.abort();
    await this.#connection?.publisher.close();
    this.#leave();
    await this.#running;
    this.#state = 'closed';
  }

  metrics(): LiveOutputMetrics {
    return {
      state: this.#state,
      bytesOut: this.#bytesBefore + (this.#connection?.publisher.bytesOut ?? 0),
      packetsDropped: this.#queue.dropped,
      reconnects: Math.max(0, this.#reconnects),
      queued: this.#queue.length,
      trouble: this.#trouble,
    };
  }

  #take(tracks: readonly EncodedTrack[]): void {
    this.#tracks = tracks;
    this.#queue.expectVideo(tracks.some(({ kind }) => kind === 'video'));
  }

  /** One connection after another until it is stopped. */
  async #run(): Promise<void> {
    const { first, longest } = this.#options.backOffMs ?? { first: 500, longest: 30_000 };
    const { signal } = this.#stop;
    let pauseMs = first;
    while (!signal.aborted) {
      const connectedFor = await this.#connectOnce();
      if (signal.aborted) return;
      if (connectedFor > GOOD_CONNECTION_MS) pauseMs = first;
      this.#state = 'waiting';
      await delay(pauseMs * (0.8 + 0.4 * Math.random()), undefined, { signal, ref: false }).catch(() => undefined);
      pauseMs = Math.min(longest, pauseMs * 2);
    }
  }

  /** Resolves when the connection is over, with the milliseconds that it was open. */
  async #connectOnce(): Promise<number> {
    const { connectTimeoutMs = 10_000, stallTimeoutMs = 10_000, tls } = this.#options;
    this.#state = 'connecting';
    let over: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      over = resolve;
    });
    const onClosed = (error: VitascopeError): void => {
      this.#note(error);
      over();
    };
    const options = { connectTimeoutMs, stallTimeoutMs, tls, onDrain: () => this.#pump(), onClosed };
    const { signal } = this.#stop;
    try {
      const publisher = await RtmpPublisher.open(this.#target, options, signal);
      const since = performance.now();
      this.#reconnects++;
      this.#state = 'open';
      this.#connection = { publisher, muxer: undefined, originUs: undefined };
      signal.addEventListener('abort', over, { once: true });
      this.#pump();
      await closed;
      signal.removeEventListener('abort', over);
      if (!signal.aborted) this.#leave();
      return performance.now() - since;
    } catch (error) {
      if (!signal.aborted) this.#note(asVitascopeError(error, 'OUTPUT_UNWRITABLE', this.name));
      return 0;
    }
  }

  #leave(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    this.#bytesBefore += connection.publisher.bytesOut;
    // What waits continues what the lost receiver had.
    this.#queue.restart();
    connection.muxer?.close();
  }

  #note(error: VitascopeError): void {
    this.#trouble = error.message;
    this.#options.onTrouble?.(error);
  }

  #pump(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const { publisher } = connection;
    while (publisher.hasRoom) {
      const packet = this.#queue.shift();
      if (packet === undefined) return;
      try {
        this.#send(packet, connection);
      } catch (error) {
        // One packet that the muxer refuses is not the end of the stream; those after it may depend on it.
        this.#note(asVitascopeError(error, 'OUTPUT_UNWRITABLE', this.name));
        this.#queue.restart();
      }
    }
  }

  #send(packet: EncodedPacket, connection: Connection): void {
    connection.originUs ??= packet.dtsUs;
    // Sound from before the first picture; FLV has no time for it.
    if (packet.dtsUs < connection.originUs) return;
    const milliseconds = Math.round((packet.dtsUs - connection.originUs) / 1000);
    const send = ({ type, body }: FlvTag): void =>
      connection.publisher.send(type, milliseconds, type === SCRIPT ? Buffer.concat([setDataFrame, body]) : body);
    if (connection.muxer === undefined) {
      connection.muxer = new FlvMuxer(this.#tracks, connection.originUs);
      connection.muxer.header.forEach(send);
    }
    connection.muxer.tags(packet).forEach(send);
  }
}

const SCRIPT = 18;
/** Tells a server to keep the metadata for players that come later. */
const setDataFrame = Buffer.concat([Buffer.from([2, 0, 13]), Buffer.from('@setDataFrame')]);
