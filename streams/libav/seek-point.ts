import { AVDISCARD_ALL, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { type FormatContext, Packet, type Stream } from 'node-av/lib';
import { type Microseconds, type Rational, toMicroseconds, toTicks } from '../../pipeline/index.js';
import { hasTime, rational } from './av.js';
import { type InputOptions, openInput } from './input.js';
import { videoStreamOf } from './probe.js';

/** Containers in which seeking gives the same timestamps as reading from the start. */
const seekable = /^(mov|matroska|nut|mpegts)/;

/** How far before the wanted moment a seek may have to aim, microseconds: the length of a group of pictures is not known. */
const margins: readonly Microseconds[] = [0, 500_000, 2_000_000, 8_000_000, 30_000_000, 120_000_000, 600_000_000];

export interface SeekPoint {
  /** Where to seek to, in the container's own time. */
  readonly seekUs: Microseconds;
  /** When the key frame is shown that decoding must begin at; others may come before it. */
  readonly keyFrameUs: Microseconds;
}

/**
 * Finds the last key frame that is shown at or before `us`, and where to seek to so that it is read: every picture from `us` on can then be
 * decoded. Where a seek lands differs by container (an MP4 may land on the key frame after, an MPEG-TS in the midst of a
 * group of pictures), so the packets are looked at.
 *
 * @returns nothing when the file is better read from its beginning.
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`.
 */
export async function seekPoint(path: string, options: InputOptions, us: Microseconds): Promise<SeekPoint | undefined> {
  if (us <= 0) return undefined;
  return await withVideo(path, options, async (input, stream) => {
    if (!seekable.test(input.iformat?.name ?? '')) return undefined;
    for (const margin of margins) {
      const seekUs = us - margin;
      const target = toTicks(seekUs, rational(stream.timeBase));
      if ((await input.seekFrame(stream.index, target, AVSEEK_FLAG_BACKWARD)) < 0) return undefined;
      const keyFrameUs = await lastKeyFrame(input, stream, us);
      if (keyFrameUs !== undefined) return { seekUs, keyFrameUs };
    }
    return undefined;
  });
}

/** When the last key frame at or before `us` is shown, found by reading the file from its beginning; nothing when there is none. */
export async function keyFrameBefore(
  path: string,
  options: InputOptions,
  us: Microseconds,
): Promise<Microseconds | undefined> {
  return await withVideo(path, options, (input, stream) => lastKeyFrame(input, stream, us));
}

async function withVideo<T>(
  path: string,
  options: InputOptions,
  look: (input: FormatContext, stream: Stream) => Promise<T>,
): Promise<T | undefined> {
  const input = await openInput(path, options);
  try {
    const stream = videoStreamOf(input);
    if (stream === undefined) return undefined;
    for (const other of input.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
    return await look(input, stream);
  } finally {
    await input.closeInput();
  }
}

/** When a packet is shown, as far as it says. */
export function shownUs(packet: Packet, timeBase: Rational): Microseconds | undefined {
  const ticks = hasTime(packet.pts) ? packet.pts : packet.dts;
  return hasTime(ticks) ? toMicroseconds(ticks, timeBase) : undefined;
}

/** When the last key frame from here on is shown that is shown at or before `us`; nothing when none is. */
async function lastKeyFrame(input: FormatContext, stream: Stream, us: Microseconds): Promise<Microseconds | undefined> {
  const timeBase = rational(stream.timeBase);
  const packet = new Packet();
  packet.alloc();
  let last: Microseconds | undefined;
  try {
    while ((await input.readFrame(packet)) >= 0) {
      const ours = packet.streamIndex === stream.index;
      const shown = shownUs(packet, timeBase);
      const decodedUs = hasTime(packet.dts) ? toMicroseconds(packet.dts, timeBase) : shown;
      const isKeyFrame = packet.isKeyframe;
      packet.unref();
      if (!ours || shown === undefined) continue;
      if (isKeyFrame && shown <= us) last = shown;
      // What is decoded later is shown later still.
      if (decodedUs !== undefined && decodedUs > us) break;
    }
    return last;
  } finally {
    packet.free();
  }
}
