import { FormatContext, IOContext } from 'node-av/lib';
import { type Microseconds, VitascopeError } from '../../../pipeline/index.js';
import { avCheck, dictionary } from '../../libav/av.js';
import type { EncodedPacket, EncodedTrack } from '../live-types.js';
import { checkFlv, describeCodecs } from './flv-codecs.js';
import { addTracks, type MuxerStreams, NativePackets } from './muxer-tracks.js';

/** What FLV and RTMP share: a piece of sound (8), video (9) or metadata (18). */
export interface FlvTag {
  readonly type: number;
  readonly body: Buffer;
}

const FILE_HEADER_BYTES = 9;
const TAG_HEADER_BYTES = 11;
const PREVIOUS_SIZE_BYTES = 4;
const BUFFER_BYTES = 32 * 1024;

/** FFmpeg's FLV muxer in memory: packets → tags. HEVC, AV1 and Opus come out as enhanced RTMP says. Touches no network and no file. */
export class FlvMuxer {
  readonly #output = new FormatContext();
  readonly #io = new IOContext();
  readonly #packets = new NativePackets();
  readonly #streams: MuxerStreams;
  readonly #originUs: Microseconds;
  readonly #chunks: Buffer[] = [];
  /** Metadata and codec headers, to be sent before anything else. */
  readonly header: readonly FlvTag[];
  #closed = false;

  /**
   * @param originUs What becomes zero.
   * @throws VitascopeError `CONTAINER_CODEC` when FLV cannot hold a track.
   */
  constructor(tracks: readonly EncodedTrack[], originUs: Microseconds) {
    this.#originUs = originUs;
    checkFlv(tracks);
    const who = `FLV cannot hold ${describeCodecs(tracks)}`;
    avCheck(this.#output.allocOutputContext2(null, 'flv', null), 'CONTAINER_CODEC', who);
    const keep = (bytes: Buffer): number => {
      this.#chunks.push(Buffer.from(bytes));
      return bytes.length;
    };
    this.#io.allocContextWithCallbacks(BUFFER_BYTES, 1, null, keep, null);
    this.#output.pb = this.#io;
    try {
      this.#streams = addTracks(this.#output, tracks);
      const options = dictionary({ flvflags: 'no_duration_filesize', flush_packets: '1' });
      avCheck(this.#output.writeHeaderSync(options), 'CONTAINER_CODEC', who);
      this.header = tagsIn(this.#take().subarray(FILE_HEADER_BYTES + PREVIOUS_SIZE_BYTES));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The tags of a packet, usually one. @throws VitascopeError `OUTPUT_UNWRITABLE` when the muxer refuses it. */
  tags(packet: EncodedPacket): FlvTag[] {
    const stream = this.#streams.get(packet.kind);
    if (stream === undefined) return [];
    const native = this.#packets.fill(packet, stream, this.#originUs);
    avCheck(this.#output.writeFrameSync(native), 'OUTPUT_UNWRITABLE', 'FLV refuses a packet');
    return tagsIn(this.#take());
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#output.pb = null;
    this.#io.freeContext();
    this.#output.freeContext();
    this.#packets.free();
  }

  #take(): Buffer {
    this.#output.pb?.flushSync();
    return Buffer.concat(this.#chunks.splice(0));
  }
}

function tagsIn(bytes: Buffer): FlvTag[] {
  const tags: FlvTag[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUIntBE(at + 1, 3);
    const end = at + TAG_HEADER_BYTES + size;
    if (end + PREVIOUS_SIZE_BYTES > bytes.length) {
      throw new VitascopeError('OUTPUT_UNWRITABLE', `FLV: a tag of ${size} bytes is cut off`);
    }
    tags.push({ type: bytes.readUInt8(at), body: bytes.subarray(at + TAG_HEADER_BYTES, end) });
    at = end + PREVIOUS_SIZE_BYTES;
  }
  return tags;
}
