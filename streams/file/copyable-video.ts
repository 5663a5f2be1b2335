import {
  AV_PKT_DATA_NEW_EXTRADATA,
  AV_PKT_DATA_PARAM_CHANGE,
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  AVDISCARD_ALL,
} from 'node-av/constants';
import { Packet } from 'node-av/lib';
import type { Container } from '../containers/containers.js';
import type { FilmInfo } from '../film.js';
import { hasTime } from '../libav/av.js';
import { openInput } from '../libav/input.js';

/** Containers whose packets have times of their own. */
const timed = /^(mov|matroska|mpegts)/;
/** Packets read between two turns of the event loop. */
const PACKETS_PER_TURN = 256;
/** Matroska has no times of decoding, and FFmpeg does not know those of the first pictures, as many as are reordered: at most 16. Muxers make them up. */
const MOST_UNTIMED = 16;

/**
 * True where the packets of a film's video can go into a container as they are, and pictures are shown as they would be if they were decoded: players of the container know the
 * codec, the first packet is a key frame, times are there and grow, and nothing is damaged, cut away by an edit, or changes on the way. All packets of the video are read, since it is known
 * only then that they can be written; nothing is decoded.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`
 */
export async function canCopyVideo({ path, container, video }: FilmInfo, output: Container): Promise<boolean> {
  if (video === undefined || !output.video.includes(video.codec) || !timed.test(container)) return false;
  const input = await openInput(path);
  const packet = new Packet();
  packet.alloc();
  try {
    for (const stream of input.streams) if (stream.index !== video.trackIndex) stream.discard = AVDISCARD_ALL;
    const times = new GrowingTimes();
    for (let count = 1; input.readFrameSync(packet) >= 0; count++) {
      if (packet.streamIndex === video.trackIndex && !(isWhole(packet) && times.accepts(packet))) return false;
      packet.unref();
      if (count % PACKETS_PER_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return times.areKnown;
  } finally {
    packet.free();
    await input.closeInput();
  }
}

function isWhole(packet: Packet): boolean {
  if ((packet.flags & (AV_PKT_FLAG_CORRUPT | AV_PKT_FLAG_DISCARD)) !== 0) return false;
  return [AV_PKT_DATA_NEW_EXTRADATA, AV_PKT_DATA_PARAM_CHANGE].every((kind) => packet.getSideData(kind) === null);
}

/** Sees whether packets can be decoded from the first on, and whether the times at which they are grow. */
class GrowingTimes {
  #packets = 0;
  #dts: bigint | undefined;

  /** True where there was a time of decoding. */
  get areKnown(): boolean {
    return this.#dts !== undefined;
  }

  accepts({ pts, dts, isKeyframe }: Packet): boolean {
    if (this.#packets++ === 0 && !isKeyframe) return false;
    if (!hasTime(pts)) return false;
    if (!hasTime(dts)) return this.#dts === undefined && this.#packets <= MOST_UNTIMED;
    const grows = dts <= pts && (this.#dts === undefined || dts > this.#dts);
    this.#dts = dts;
    return grows;
  }
}
