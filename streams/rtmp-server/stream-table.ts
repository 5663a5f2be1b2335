import { randomUUID } from 'node:crypto';
import type AVPacket from 'node-media-server/src/core/avpacket.js';
import { type RtmpLimits, unlimited } from './limits.js';
import { Player, type PlayerTransport } from './player.js';
import { PublishedStream } from './published-stream.js';
import { Publisher } from './publisher.js';
import type { RtmpServerEvent, SessionInfo } from './session-info.js';
import type { AllowedRequest } from './stream-request.js';

/** A publisher that was let in. */
export interface Publication {
  /** Counts bytes that came; returns a reason to close the connection when they are too many. */
  received(bytes: number): string | undefined;
  /** Sends to the players; returns a reason to close the connection. */
  send(packet: AVPacket): string | undefined;
  stop(reason: string): void;
}

/** A player that was let in. */
export interface Playing {
  readonly player: Player;
  stop(reason: string): void;
}

/** All streams of a server. A refusal is the reason as a text. */
export class StreamTable {
  readonly #limits: () => RtmpLimits;
  readonly #now: () => number;
  readonly #emit: (event: RtmpServerEvent) => void;
  readonly #streams = new Map<string, PublishedStream>();
  /** Players that were disconnected because they did not keep up. */
  slowPlayers = 0;

  constructor(limits: () => RtmpLimits, now: () => number, emit: (event: RtmpServerEvent) => void) {
    this.#limits = limits;
    this.#now = now;
    this.#emit = emit;
  }

  publish(request: AllowedRequest, close: (reason: string) => void): Publication | string {
    const { path, ip, protocol, internal } = request;
    if (this.#streams.get(path)?.publisher !== undefined) return `${path} already has a publisher`;
    const stream = this.#stream(path);
    const id = randomUUID();
    const limits = internal ? () => unlimited : this.#limits;
    const publisher = new Publisher({ id, ip, protocol, path, internal, limits, now: this.#now, close });
    stream.startPublishing(publisher);
    this.#emit({ kind: 'publish-start', session: publisher.info() });
    let stopped = false;
    return {
      received: (bytes) => publisher.received(bytes),
      send: (packet) => (stopped ? undefined : this.#send(stream, publisher, packet)),
      stop: (reason) => {
        if (stopped) return;
        stopped = true;
        stream.stopPublishing();
        this.#dropIfEmpty(stream);
        this.#emit({ kind: 'publish-stop', session: publisher.info(), reason });
      },
    };
  }

  /** `begin` is called between the decision and the first byte of the stream. */
  play(request: AllowedRequest, transport: PlayerTransport, begin: () => void): Playing | string {
    const { path, ip, protocol, internal } = request;
    const { maxQueueBytes, slowPlayerMs, maxPlayersPerStream } = this.#limits();
    const stream = this.#stream(path);
    if (!internal && stream.viewers >= maxPlayersPerStream) return `${path} has ${maxPlayersPerStream} players already`;
    const id = randomUUID();
    const queue = { maxQueueBytes, slowPlayerMs, now: this.#now, transport };
    const player = new Player({ id, ip, protocol, path, internal, ...queue });
    begin();
    stream.addPlayer(player);
    this.#emit({ kind: 'play-start', session: player.info() });
    let stopped = false;
    return {
      player,
      stop: (reason) => {
        if (stopped) return;
        stopped = true;
        stream.removePlayer(player);
        this.#dropIfEmpty(stream);
        this.#emit({ kind: 'play-stop', session: player.info(), reason });
      },
    };
  }

  sessions(): SessionInfo[] {
    return [...this.#streams.values()].flatMap(({ publisher, players }) => [
      ...(publisher === undefined ? [] : [publisher.info()]),
      ...[...players.values()].map((player) => player.info()),
    ]);
  }

  /** Closes clients that match, and tells how many. */
  disconnect(predicate: (session: SessionInfo) => boolean, reason: string): number {
    let closed = 0;
    for (const { publisher, players } of [...this.#streams.values()]) {
      if (publisher !== undefined && predicate(publisher.info())) {
        publisher.close(reason);
        closed += 1;
      }
      for (const player of [...players.values()].filter((one) => predicate(one.info()))) {
        player.end(reason);
        closed += 1;
      }
    }
    return closed;
  }

  /** Closes who is silent, too slow, or waited too long. */
  sweep(): void {
    const { publisherIdleMs, playersWaitMs } = this.#limits();
    for (const stream of this.#streams.values()) {
      const { publisher } = stream;
      if (publisher !== undefined && publisher.silentMs() >= publisherIdleMs) {
        publisher.close(`nothing came for ${publisherIdleMs} ms`);
      }
      for (const player of stream.players.values()) {
        if (player.isTooSlow()) {
          this.slowPlayers += 1;
          player.destroy('too slow');
        } else if (stream.waitedMs() >= playersWaitMs) player.end('there is no publisher');
      }
    }
  }

  #send(stream: PublishedStream, publisher: Publisher, packet: AVPacket): string | undefined {
    if (packet.codec_type !== 18) {
      const changed = publisher.note(packet);
      if (typeof changed === 'string') return changed;
      if (changed) this.#emit({ kind: 'publish-codecs', session: publisher.info() });
    }
    stream.send(packet);
    return undefined;
  }

  #stream(path: string): PublishedStream {
    const known = this.#streams.get(path);
    if (known !== undefined) return known;
    const stream = new PublishedStream(path, this.#limits, this.#now);
    this.#streams.set(path, stream);
    return stream;
  }

  #dropIfEmpty(stream: PublishedStream): void {
    if (stream.isEmpty) this.#streams.delete(stream.path);
  }
}
