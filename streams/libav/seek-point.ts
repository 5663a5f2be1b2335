import { AVDISCARD_ALL, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { type FormatContext, Packet, type Stream } from 'node-av/lib';
import { type Microseconds, toMicroseconds, toTicks } from '../../pipeline/index.js';
import { hasTime, rational } from './av.js';
import { type InputOptions, openInput } from './input.js';
import { videoStreamOf } from './probe.js';

/** Containers in which seeking gives the same timestamps as reading from the start. */
const seekable = /^(mov|matroska|nut|mpegts)/;

/** How far before the wanted moment a seek may have to aim, microseconds: the length of a group of pictures is not known. */
const margins: readonly Microseconds[] = [0, 500_000, 2_000_000, 8_000_000, 30_000_000, 120_000_000, 600_000_000];

/**
 * Finds a moment to seek to so that the first key frame read from there is shown at or before `us`: every picture from `us` on can then be
 * decoded. Where a seek lands differs by container (an MP4 may land on the key frame after, an MPEG-TS in the midst of a
 * group of pictures), so the key frame is looked at.
 *
 * @returns the moment in the container's own time; nothing when the file is better read from its beginning.
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`.
 */
export async function seekPoint(
  path: string,
  options: InputOptions,
  us: Microseconds,
): Promise<Microseconds | undefined> {
  if (us <= 0) return undefined;
  const input = await openInput(path, options);
  try {
    const stream = videoStreamOf(input);
    if (stream === undefined || !seekable.test(input.iformat?.name ?? '')) return undefined;
    for (const other of input.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
    for (const margin of margins) {
      const shownUs = await keyFrameAfter(input, stream, us - margin);
      if (shownUs === undefined) return undefined;
      if (shownUs <= us) return us - margin;
    }
    return undefined;
  } finally {
    await input.closeInput();
  }
}

/** When the first key frame that comes after seeking to `us` is shown; nothing when the container does not seek. */
async function keyFrameAfter(
  input: FormatContext,
  stream: Stream,
  us: Microseconds,
): Promise<Microseconds | undefined> {
  const timeBase = rational(stream.timeBase);
  if ((await input.seekFrame(stream.index, toTicks(us, timeBase), AVSEEK_FLAG_BACKWARD)) < 0) return undefined;
  const packet = new Packet();
  packet.alloc();
  try {
    while ((await input.readFrame(packet)) >= 0) {
      const shown = hasTime(packet.pts) ? packet.pts : packet.dts;
      const found = packet.streamIndex === stream.index && packet.isKeyframe && hasTime(shown);
      packet.unref();
      if (found) return toMicroseconds(shown, timeBase);
    }
    return Number.POSITIVE_INFINITY;
  } finally {
    packet.free();
  }
}
