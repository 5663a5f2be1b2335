/** The parts of node-media-server 4.4.3 that `streams/rtmp-server/` uses. It ships no types. */

declare module 'node-media-server/src/core/avpacket.js' {
  export default class AVPacket {
    codec_id: number;
    /** FLV tag type: 8 sound, 9 picture, 18 data. */
    codec_type: number;
    /** 0 sound header, 1 sound, 2 picture header, 3 key frame, 4 other frame, 5 metadata, 6 forwarded and not kept. */
    flags: number;
    /** Milliseconds, 32 bits. */
    pts: number;
    dts: number;
    /** Bytes of `data` that are meant; the buffer may be longer. */
    size: number;
    data: Buffer;
  }
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log(message: string, level?: string): void };
  export default logger;
}

declare module 'node-media-server/src/protocol/flv.js' {
  import type AVPacket from 'node-media-server/src/core/avpacket.js';

  const Flv: {
    parserTag(type: number, time: number, size: number, data: Buffer): AVPacket;
    createHeader(hasAudio: boolean, hasVideo: boolean): Buffer;
  };
  export default Flv;
}

declare module 'node-media-server/src/protocol/sps_info.js' {
  type Size = { width: number; height: number };
  const spsInfo: { parseH264Sps(sps: Buffer): Size | null; parseH265Sps(sps: Buffer): Size | null };
  export default spsInfo;
}

declare module 'node-media-server/src/protocol/rtmp.js' {
  export interface RtmpPacket {
    header: { fmt: number; cid: number; timestamp: number; length: number; type: number; stream_id: number };
    clock: number;
    payload: Buffer;
    capacity: number;
    bytes: number;
  }
  export interface InvokeMessage {
    cmd?: unknown;
    transId?: unknown;
    cmdObj?: unknown;
    streamName?: unknown;
  }
  export default class Rtmp {
    handshakeState: number;
    parserPacket: RtmpPacket;
    inPackets: Map<number, RtmpPacket>;
    inChunkSize: number;
    streamApp: unknown;
    streamName: string;
    streamId: number;
    flv: unknown;
    onOutputCallback: (buffer: Buffer) => void;
    parserData(buffer: Buffer): string | null;
    packetParse(): void;
    packetAlloc(): void;
    controlHandler(): void;
    dataHandler(): void;
    onConnect(message: InvokeMessage): void;
    onPublish(message: InvokeMessage): void;
    onPlay(message: InvokeMessage): void;
    onDeleteStream(message: InvokeMessage): void;
    respondPublish(): void;
    respondPlay(): void;
    sendStatusMessage(streamId: number, level: string, code: string, description: string): void;
  }
}

declare module 'node-media-server/src/server/broadcast_server.js' {
  import type AVPacket from 'node-media-server/src/core/avpacket.js';
  export interface Subscriber {
    readonly id: string;
    /** Empty: the package announces nothing about it. */
    readonly ip: '';
    readonly protocol: 'rtmp' | 'flv';
    sendBuffer(buffer: Buffer): void;
  }
  export default class BroadcastServer {
    constructor(streamPath: string);
    /** Receives what metadata says, whatever type it has there. */
    publisher: Record<string, unknown> | null;
    subscribers: Map<string, Subscriber>;
    flvHeader: Buffer;
    flvMetaData: Buffer | null;
    flvAudioHeader: Buffer | null;
    flvVideoHeader: Buffer | null;
    rtmpMetaData: Buffer | null;
    rtmpAudioHeader: Buffer | null;
    rtmpVideoHeader: Buffer | null;
    flvGopCache: Set<Buffer> | null;
    rtmpGopCache: Set<Buffer> | null;
    postPlay(subscriber: Subscriber): string | null;
    broadcastMessage(packet: AVPacket): void;
  }
}
