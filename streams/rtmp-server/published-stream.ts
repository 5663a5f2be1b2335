import type AVPacket from 'node-media-server/src/core/avpacket.js';
import Flv from 'node-media-server/src/protocol/flv.js';
import BroadcastServer from 'node-media-server/src/server/broadcast_server.js';
import type { RtmpLimits } from './limits.js';
import { packetFlag } from './media-packet.js';
import type { MessageKind, Player } from './player.js';
import type { Publisher } from './publisher.js';

/** The package stops keeping a group of pictures at 4,096 messages in a way that players take for a whole one. */
const maxGopMessages = 4_000;

const tagHeadBytes = 11;
const tagTailBytes = 4;
/** Sound or pictures that did not come within so many milliseconds do not come. */
const settledMs = 2_000;

/**
 * One path: at most one publisher, and its players. Packets go to players by node-media-server's broadcast. Times that players see go on when
 * another publisher takes over, with a gap as long as the real one.
 */
export class PublishedStream {
  readonly path: string;
  readonly players = new Map<string, Player>();
  readonly #limits: () => RtmpLimits;
  readonly #now: () => number;
  readonly #broadcast: BroadcastServer;
  #publisher: Publisher | undefined;
  #flag: number | undefined;
  #gopBytes = 0;
  /** What the publisher has sent. */
  #has = { audio: false, video: false };
  #publishingSince = 0;
  /** Milliseconds of 32 bits that are added to what the publisher says. */
  #offset: number | undefined;
  #last: { dts: number; at: number } | undefined;
  #withoutPublisherSince: number;

  constructor(path: string, limits: () => RtmpLimits, now: () => number) {
    this.path = path;
    this.#limits = limits;
    this.#now = now;
    this.#broadcast = new BroadcastServer(path);
    this.#withoutPublisherSince = now();
  }

  get publisher(): Publisher | undefined {
    return this.#publisher;
  }

  /** Nobody is left. */
  get isEmpty(): boolean {
    return this.#publisher === undefined && this.players.size === 0;
  }

  /** Players that are not the server's own. */
  get viewers(): number {
    return [...this.players.values()].filter(({ isInternal }) => !isInternal).length;
  }

  /** For how long there has been no publisher, milliseconds. */
  waitedMs(): number {
    return this.#publisher === undefined ? this.#now() - this.#withoutPublisherSince : 0;
  }

  startPublishing(publisher: Publisher): void {
    this.#publisher = publisher;
    this.#publishingSince = this.#now();
    this.#has = { audio: false, video: false };
    this.#broadcast.publisher = publisher.metadata;
    this.#offset = undefined;
  }

  stopPublishing(): void {
    this.#publisher = undefined;
    this.#withoutPublisherSince = this.#now();
    const broadcast = this.#broadcast;
    broadcast.publisher = null;
    broadcast.flvMetaData = broadcast.flvAudioHeader = broadcast.flvVideoHeader = null;
    broadcast.rtmpMetaData = broadcast.rtmpAudioHeader = broadcast.rtmpVideoHeader = null;
    this.#forgetGop();
    for (const player of this.players.values()) player.waitForKeyFrame();
  }

  /** Sends a packet to all players. */
  send(packet: AVPacket): void {
    this.#place(packet);
    if (packet.codec_type === 8) this.#has.audio = true;
    if (packet.codec_type === 9) this.#has.video = true;
    if (this.#changesHeader(packet)) this.#forgetGop();
    this.#flag = packet.flags;
    try {
      this.#broadcast.broadcastMessage(packet);
    } finally {
      this.#flag = undefined;
    }
    this.#boundGop(packet);
  }

  /** Sends what there is since the last key frame, and then everything. */
  addPlayer(player: Player): void {
    const { wire } = player;
    this.players.set(player.id, player);
    this.#broadcast.flvHeader = this.#flvHeader();
    this.#broadcast.postPlay({
      id: player.id,
      ip: '',
      protocol: wire,
      sendBuffer: (message) => player.offer(message, this.#kind(wire)),
    });
    if (this.#hasVideo && this.#broadcast.rtmpGopCache === null) player.waitForKeyFrame();
  }

  removePlayer(player: Player): void {
    this.players.delete(player.id);
    this.#broadcast.subscribers.delete(player.id);
  }

  get #hasVideo(): boolean {
    return this.#broadcast.rtmpVideoHeader !== null;
  }

  /** Says what is there: players wait for what is announced. */
  #flvHeader(): Buffer {
    const isSettled = this.#publisher !== undefined && this.#now() - this.#publishingSince >= settledMs;
    const { audioCodec, videoCodec } = this.#publisher?.metadata ?? {};
    const hasAudio = !isSettled || this.#has.audio || Boolean(audioCodec);
    const hasVideo = !isSettled || this.#has.video || Boolean(videoCodec);
    return Flv.createHeader(hasAudio, hasVideo);
  }

  /** Players that come must not get a header with packets from before it. */
  #changesHeader({ flags, data, size }: AVPacket): boolean {
    const { flvAudioHeader, flvVideoHeader } = this.#broadcast;
    if (flags !== packetFlag.audioHeader && flags !== packetFlag.videoHeader) return false;
    const before = flags === packetFlag.audioHeader ? flvAudioHeader : flvVideoHeader;
    return before?.subarray(tagHeadBytes, -tagTailBytes).equals(data.subarray(0, size)) === false;
  }

  #kind(wire: 'rtmp' | 'flv'): MessageKind {
    const { flvMetaData, flvAudioHeader, flvVideoHeader, rtmpMetaData, rtmpAudioHeader, rtmpVideoHeader } =
      this.#broadcast;
    const headers =
      wire === 'flv' ? [flvMetaData, flvAudioHeader, flvVideoHeader] : [rtmpMetaData, rtmpAudioHeader, rtmpVideoHeader];
    return { flag: this.#flag, hasVideo: this.#hasVideo, headers: () => headers.filter((one) => one !== null) };
  }

  /** Moves the packet to the players' timeline. */
  #place(packet: AVPacket): void {
    if (packet.flags > packetFlag.frame) return;
    const at = this.#now();
    if (this.#offset === undefined) {
      const resumeAt = this.#last && this.#last.dts + Math.max(1, Math.round(at - this.#last.at));
      this.#offset = resumeAt === undefined ? 0 : resumeAt - packet.dts;
    }
    const shown = packet.pts - packet.dts;
    packet.dts = (packet.dts + this.#offset) >>> 0;
    packet.pts = (packet.dts + shown) >>> 0;
    // Sound and pictures take turns: the later of the two counts, in arithmetic that wraps.
    if (this.#last === undefined || ((packet.dts - this.#last.dts) | 0) > 0) this.#last = { dts: packet.dts, at };
  }

  #boundGop(packet: AVPacket): void {
    const cache = this.#broadcast.rtmpGopCache;
    if (cache === null) return;
    if (packet.flags === packetFlag.keyFrame) this.#gopBytes = 0;
    this.#gopBytes += packet.size;
    if (this.#gopBytes > this.#limits().maxGopBytes || cache.size > maxGopMessages) this.#forgetGop();
  }

  #forgetGop(): void {
    this.#broadcast.flvGopCache = null;
    this.#broadcast.rtmpGopCache = null;
    this.#gopBytes = 0;
  }
}
