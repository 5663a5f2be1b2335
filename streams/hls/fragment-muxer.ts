import { AV_OPT_SEARCH_CHILDREN, AV_OPT_TYPE_STRING } from 'node-av/constants';
import { FormatContext, IOContext } from 'node-av/lib';
import type { Microseconds } from '../../pipeline/index.js';
import { avCheck, dictionary } from '../libav/av.js';
import type { EncodedPacket, EncodedTrack } from '../live/live-types.js';
import { addTracks, type MuxerStreams, NativePackets } from '../live/outputs/muxer-tracks.js';

const BUFFER_BYTES = 64 * 1024;

/** HEVC with its parameter sets in the header only, which Apple's players insist on. */
const HVC1 = Buffer.from('hvc1', 'latin1').readUInt32LE(0);

/**
 * The moment of the stream that is zero in the media: decoding times of the first pictures may lie before the stream's own zero, and fragments cannot say so.
 * The same for all renditions, so that they stay aligned.
 */
export const FRAGMENT_ORIGIN_US: Microseconds = -1_000_000;

/** FFmpeg's mov muxer in memory: packets → fragmented MP4, a header, and fragments of one `moof` and one `mdat` each. Touches no network and no file. */
export class FragmentMuxer {
  readonly #output = new FormatContext();
  readonly #io = new IOContext();
  readonly #packets = new NativePackets();
  readonly #streams: MuxerStreams;
  readonly #chunks: Buffer[] = [];
  /** `ftyp` and `moov`. */
  readonly init: Buffer;
  #closed = false;

  /** @throws VitascopeError `CONTAINER_CODEC` when MP4 cannot hold a track. */
  constructor(tracks: readonly EncodedTrack[]) {
    const who = `HLS cannot hold ${tracks.map(({ codec }) => codec).join(' and ')}`;
    avCheck(this.#output.allocOutputContext2(null, 'mp4', null), 'CONTAINER_CODEC', who);
    const keep = (bytes: Buffer): number => {
      this.#chunks.push(Buffer.from(bytes));
      return bytes.length;
    };
    this.#io.allocContextWithCallbacks(BUFFER_BYTES, 1, null, keep, null);
    this.#output.pb = this.#io;
    try {
      this.#streams = addTracks(this.#output, tracks);
      const video = this.#streams.get('video');
      if (video !== undefined && isHevc(tracks)) video.codecpar.codecTag = HVC1;
      avCheck(this.#output.writeHeaderSync(muxerOptions()), 'CONTAINER_CODEC', who);
      this.init = this.#take();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Adds a packet to the fragment that {@link fragment} will give. @throws VitascopeError `OUTPUT_UNWRITABLE` when the muxer refuses it. */
  write(packet: EncodedPacket): void {
    const stream = this.#streams.get(packet.kind);
    if (stream === undefined) return;
    const native = this.#packets.fill(packet, stream, FRAGMENT_ORIGIN_US);
    avCheck(this.#output.writeFrameSync(native), 'OUTPUT_UNWRITABLE', 'MP4 refuses a packet');
  }

  /** Everything written since the last call, as one fragment. */
  fragment(): Buffer {
    avCheck(this.#output.writeFrameSync(null), 'OUTPUT_UNWRITABLE', 'MP4 refuses to end a fragment');
    this.#keepTimes();
    return this.#take();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#output.pb = null;
    this.#io.freeContext();
    this.#output.freeContext();
    this.#packets.free();
  }

  /** Else the first packet of a fragment is moved to where the one before was expected to end, whatever its own time. */
  #keepTimes(): void {
    const result = this.#output.setOption('movflags', '+frag_discont', AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN);
    avCheck(result, 'OUTPUT_UNWRITABLE', 'MP4 refuses times that leap');
  }

  #take(): Buffer {
    this.#io.flushSync();
    return Buffer.concat(this.#chunks.splice(0));
  }
}

function isHevc(tracks: readonly EncodedTrack[]): boolean {
  return tracks.some(({ codec }) => codec === 'hevc');
}

function muxerOptions() {
  return dictionary({
    // Not its `cmaf`: offsets of presentation times become negative, and FFmpeg's own demuxer then shows pictures a frame late.
    movflags: '+frag_custom+empty_moov+default_base_moof+frag_discont+skip_trailer',
    video_track_timescale: '90000',
    use_editlist: '0',
    avoid_negative_ts: 'disabled',
  });
}
