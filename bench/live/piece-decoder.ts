import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_H264,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Rational as AvRational, Codec, CodecContext, CodecParameters, Frame, Packet } from 'node-av/lib';
import { avCheck } from '../../streams/libav/av.js';
import { SAMPLE_RATE } from './sound-loop.js';

const formats = {
  video: { type: AVMEDIA_TYPE_VIDEO, id: AV_CODEC_ID_H264 },
  audio: { type: AVMEDIA_TYPE_AUDIO, id: AV_CODEC_ID_AAC },
};

/** Decodes H.264 or AAC of one stream at once, on one thread, piece by piece. */
export class PieceDecoder {
  readonly #kind: 'video' | 'audio';
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #context: CodecContext | undefined;

  constructor(kind: 'video' | 'audio') {
    this.#kind = kind;
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** What is decoded from now on begins with this header: `avcC`, or an AudioSpecificConfig. */
  setHeader(header: Buffer): void {
    this.#context?.freeContext();
    const { type, id } = formats[this.#kind];
    const context = new CodecContext();
    const codec = Codec.findDecoder(id);
    context.allocContext3(codec);
    const parameters = new CodecParameters();
    parameters.alloc();
    parameters.codecType = type;
    parameters.codecId = id;
    parameters.extradata = header;
    if (this.#kind === 'audio') parameters.sampleRate = SAMPLE_RATE;
    context.parametersToContext(parameters);
    parameters.free();
    context.threadCount = 1;
    context.pktTimebase = new AvRational(1, 1_000_000);
    context.flags = (context.flags | AV_CODEC_FLAG_LOW_DELAY) as typeof context.flags;
    avCheck(context.open2Sync(codec, null), 'DECODER_MISSING', `the player's decoder of ${this.#kind}`);
    this.#context = context;
  }

  /** Gives each frame that a piece completes, with its time; it is valid until the next one. */
  decode(data: Buffer, ptsUs: number, take: (frame: Frame, ptsUs: number) => void): void {
    const context = this.#context;
    if (context === undefined || data.length === 0) return;
    const packet = this.#packet;
    packet.data = data;
    packet.pts = packet.dts = BigInt(Math.round(ptsUs));
    context.sendPacketSync(packet);
    packet.unref();
    while (context.receiveFrameSync(this.#frame) >= 0) {
      take(this.#frame, Number(this.#frame.pts));
      this.#frame.unref();
    }
  }
}
