import type { FFEncoderCodec } from 'node-av/constants';
import {
  AV_CODEC_FLAG_FRAME_DURATION,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_OPT_SEARCH_CHILDREN,
  AV_PICTURE_TYPE_NONE,
  AVMEDIA_TYPE_VIDEO,
  type AVPixelFormat,
  type AVSampleFormat,
} from 'node-av/constants';
import { Rational as AvRational, Codec, CodecContext, CodecParameters, type Frame, Option, Packet } from 'node-av/lib';
import { VitascopeError } from '../../../pipeline/errors.js';
import type { Rational } from '../../../pipeline/time.js';
import { avCheck, isAgain, isEnd } from '../av.js';

/** How a synthetic track is encoded. */
export interface TrackEncoderOptions {
  /** FFmpeg's encoder name. */
  readonly encoder: string;
  /** FFmpeg's encoder options. */
  readonly options?: Readonly<Record<string, string>>;
  /** Of the timestamps of the frames that will come. */
  readonly timeBase: Rational;
  /** Pictures a second, as told to the encoder; omit for uneven timing. */
  readonly frameRate?: Rational;
  /** Parameter sets in the container's header (mp4, mkv) rather than in the packets (ts, raw streams). */
  readonly globalHeader: boolean;
  /** `AV_CODEC_FLAG_…` bits to add. */
  readonly flags?: number;
}

/** Packets in memory with what a muxer must know about them. */
export interface EncodedTrack {
  readonly parameters: CodecParameters;
  readonly timeBase: Rational;
  readonly packets: readonly Packet[];
}

/**
 * Encodes one small synthetic track into memory; sizes and formats are those of its first frame. For films that are decoded
 * and encoded as a stream, see the file sink.
 */
export class TrackEncoder {
  readonly #options: TrackEncoderOptions;
  readonly #codec: Codec;
  readonly #context = new CodecContext();
  readonly #packets: Packet[] = [];

  /** @throws VitascopeError `ENCODER_UNKNOWN` */
  constructor(options: TrackEncoderOptions) {
    const codec = Codec.findEncoderByName(options.encoder as FFEncoderCodec);
    if (codec === null) {
      throw new VitascopeError('ENCODER_UNKNOWN', `TrackEncoder: no encoder is called ${options.encoder}`);
    }
    this.#options = options;
    this.#codec = codec;
    this.#context.allocContext3(codec);
  }

  /** Samples per frame that the audio encoder wants; 0 when it takes any number. Known after the first frame. */
  get frameSize(): number {
    return this.#context.frameSize;
  }

  /** Encodes a frame, whose timestamp counts in the encoder's time base. The frame stays the caller's. */
  push(frame: Frame): void {
    // Source filters call each of their pictures a key frame, and encoders obey.
    if (this.#codec.type === AVMEDIA_TYPE_VIDEO) frame.pictType = AV_PICTURE_TYPE_NONE;
    if (!this.#context.isOpen) this.#open(frame);
    this.#send(frame);
  }

  /** Flushes and frees the encoder. @throws VitascopeError `ENCODER_FAILED` when no frame ever came */
  finish(): EncodedTrack {
    if (!this.#context.isOpen) throw new VitascopeError('ENCODER_FAILED', 'TrackEncoder: no frame was encoded');
    this.#send(null);
    const parameters = new CodecParameters();
    parameters.alloc();
    avCheck(parameters.fromContext(this.#context), 'ENCODER_FAILED', this.#options.encoder);
    this.#context.freeContext();
    return { parameters, timeBase: this.#options.timeBase, packets: this.#packets };
  }

  #open(frame: Frame): void {
    const context = this.#context;
    const { encoder, timeBase, frameRate, globalHeader, options = {}, flags = 0 } = this.#options;
    context.timeBase = new AvRational(timeBase.num, timeBase.den);
    if (frameRate !== undefined) context.framerate = new AvRational(frameRate.num, frameRate.den);
    if (this.#codec.type === AVMEDIA_TYPE_VIDEO) copyPictureFormat(frame, context);
    else copySoundFormat(frame, context);
    // Without the first flag encoders drop the durations of frames, and an MP4 with uneven timing loses its last one.
    const added = AV_CODEC_FLAG_FRAME_DURATION | flags | (globalHeader ? AV_CODEC_FLAG_GLOBAL_HEADER : 0);
    context.flags = (context.flags | added) as typeof context.flags;
    // Not through open2Sync's dictionary: node-av 6.1 frees that twice, once more when it is collected.
    for (const [name, value] of Object.entries(options)) {
      avCheck(
        Option.set(context.getNative(), name, value, AV_OPT_SEARCH_CHILDREN),
        'ENCODER_FAILED',
        `${encoder}: ${name}`,
      );
    }
    avCheck(context.open2Sync(this.#codec, null), 'ENCODER_FAILED', encoder);
  }

  #send(frame: Frame | null): void {
    avCheck(this.#context.sendFrameSync(frame), 'ENCODER_FAILED', this.#options.encoder);
    for (;;) {
      const packet = new Packet();
      packet.alloc();
      const result = this.#context.receivePacketSync(packet);
      if (isAgain(result) || isEnd(result)) {
        packet.free();
        return;
      }
      avCheck(result, 'ENCODER_FAILED', this.#options.encoder);
      this.#packets.push(packet);
    }
  }
}

function copyPictureFormat(frame: Frame, context: CodecContext): void {
  context.width = frame.width;
  context.height = frame.height;
  context.pixelFormat = frame.format as AVPixelFormat;
  context.sampleAspectRatio = frame.sampleAspectRatio;
  context.colorRange = frame.colorRange;
  context.colorSpace = frame.colorSpace;
  context.colorPrimaries = frame.colorPrimaries;
  context.colorTrc = frame.colorTrc;
  context.chromaLocation = frame.chromaLocation;
}

function copySoundFormat(frame: Frame, context: CodecContext): void {
  context.sampleRate = frame.sampleRate;
  context.sampleFormat = frame.format as AVSampleFormat;
  context.channelLayout = frame.channelLayout;
}
