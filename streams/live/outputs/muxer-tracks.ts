import { AV_PKT_FLAG_KEY, type AVCodecID, AVMEDIA_TYPE_AUDIO } from 'node-av/constants';
import { CodecParameters, type FormatContext, Packet, type Stream } from 'node-av/lib';
import { type Microseconds, type Rational, toTicks } from '../../../pipeline/index.js';
import { parametersOf } from '../../libav/encoded-stream.js';
import type { AudioTrack, EncodedPacket, EncodedTrack } from '../live-types.js';

const MILLISECONDS: Rational = { num: 1, den: 1000 };

/** The streams of a muxer by what goes into them. */
export type MuxerStreams = ReadonlyMap<EncodedPacket['kind'], Stream>;

/** Gives a muxer a stream for each track. */
export function addTracks(output: FormatContext, tracks: readonly EncodedTrack[]): MuxerStreams {
  return new Map(
    tracks.map((track) => {
      const stream = output.newStream(null);
      const parameters =
        track.kind === 'video' ? parametersOf({ ...track.stream, codecTag: 0 }) : soundParameters(track);
      stream.codecpar = parameters;
      parameters.free();
      // A wish; the muxer may choose another one when it writes its header.
      stream.timeBase = MILLISECONDS as never;
      if (track.kind === 'video') {
        stream.avgFrameRate = track.frameRate as never;
        stream.sampleAspectRatio = track.stream.sampleAspectRatio as never;
      }
      return [track.kind, stream] as const;
    }),
  );
}

function soundParameters(track: AudioTrack): CodecParameters {
  const parameters = new CodecParameters();
  parameters.alloc();
  parameters.codecType = AVMEDIA_TYPE_AUDIO;
  parameters.codecId = track.codecId as AVCodecID;
  parameters.sampleRate = track.sampleRate;
  // AV_CHANNEL_ORDER_UNSPEC = 0: the codec's own headers say where the channels are.
  parameters.channelLayout = { nbChannels: track.channels, order: 0, mask: 0n } as never;
  // Muxers of FLV and MPEG-TS want to know; AAC has 1024 samples a packet.
  if (track.codec === 'aac') parameters.frameSize = 1024;
  if (track.extradataBase64 !== null) parameters.extradata = Buffer.from(track.extradataBase64, 'base64');
  return parameters;
}

/** Turns plain packets into FFmpeg's, in one native packet that is used again. */
export class NativePackets {
  readonly #packet = new Packet();
  /** The last time of decoding in each stream, ticks. */
  readonly #lastDts = new WeakMap<Stream, bigint>();

  constructor() {
    this.#packet.alloc();
  }

  /**
   * The packet in the time base of its stream, borrowed until the next call.
   *
   * @param originUs What becomes zero.
   */
  fill(source: EncodedPacket, stream: Stream, originUs: Microseconds): Packet {
    const packet = this.#packet;
    const { num, den } = stream.timeBase;
    const ticks = (us: Microseconds): bigint => toTicks(us, { num, den });
    packet.unref();
    packet.data = Buffer.from(source.data.buffer, source.data.byteOffset, source.data.byteLength);
    // After the data: setting them clears everything else.
    const dts = this.#after(stream, ticks(source.dtsUs - originUs));
    const pts = ticks(source.ptsUs - originUs);
    packet.pts = pts < dts ? dts : pts;
    packet.dts = dts;
    packet.duration = ticks(source.durationUs);
    packet.flags = (source.isKey ? AV_PKT_FLAG_KEY : 0) as typeof packet.flags;
    packet.streamIndex = stream.index;
    return packet;
  }

  /** Microseconds that differ may be the same tick, which strict muxers refuse. */
  #after(stream: Stream, dts: bigint): bigint {
    const last = this.#lastDts.get(stream);
    const next = last === undefined || dts > last ? dts : last + 1n;
    this.#lastDts.set(stream, next);
    return next;
  }

  free(): void {
    this.#packet.free();
  }
}
