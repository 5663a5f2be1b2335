import { AV_PKT_DATA_DISPLAYMATRIX, type AVDisposition, AVFMT_GLOBALHEADER, AVFMT_NOFILE } from 'node-av/constants';
import { Rational as AvRational, FormatContext, OutputFormat, type Packet } from 'node-av/lib';
import type { Rational } from '../../../pipeline/time.js';
import { avCheck, dictionary } from '../av.js';
import type { EncodedTrack } from './track-encoder.js';

/** A track to be written, and what the container says about it. */
export interface WrittenTrack extends EncodedTrack {
  readonly metadata?: Readonly<Record<string, string>>;
  readonly disposition?: number;
  readonly sampleAspectRatio?: Rational;
  readonly frameRate?: Rational;
  /** Degrees clockwise that a player turns the picture by. */
  readonly rotation?: 0 | 90 | 180 | 270;
}

export interface WriteTracksOptions {
  /** FFmpeg's muxer name. */
  readonly container: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** FFmpeg's muxer options. */
  readonly options?: Readonly<Record<string, string>>;
}

/** True when the container wants parameter sets in its header: what encoders must know beforehand. */
export function wantsGlobalHeader(container: string): boolean {
  return OutputFormat.guessFormat(container, null, null)?.hasFlags(AVFMT_GLOBALHEADER) ?? false;
}

/**
 * Muxes tracks that lie in memory into a new file. The packets are used up.
 *
 * @throws VitascopeError `OUTPUT_UNWRITABLE`, `CONTAINER_CODEC`
 */
export function writeTracks(path: string, tracks: readonly WrittenTrack[], options: WriteTracksOptions): void {
  const output = new FormatContext();
  avCheck(output.allocOutputContext2(null, options.container, path), 'OUTPUT_UNWRITABLE', path);
  const needsFile = output.oformat?.hasFlags(AVFMT_NOFILE) === false;
  try {
    if (needsFile) avCheck(output.openOutputSync(), 'OUTPUT_UNWRITABLE', path);
    if (options.metadata !== undefined) output.metadata = dictionary(options.metadata);
    for (const track of tracks) addStream(output, track);
    avCheck(output.writeHeaderSync(dictionary(options.options ?? {})), 'CONTAINER_CODEC', path);
    writePackets(output, tracks, path);
    avCheck(output.writeTrailerSync(), 'OUTPUT_UNWRITABLE', path);
  } finally {
    if (needsFile) output.closeOutputSync();
    output.freeContext();
  }
}

function addStream(output: FormatContext, track: WrittenTrack): void {
  const stream = output.newStream();
  avCheck(track.parameters.copy(stream.codecpar), 'CONTAINER_CODEC', 'writeTracks');
  stream.codecpar.codecTag = 0;
  stream.timeBase = new AvRational(track.timeBase.num, track.timeBase.den);
  if (track.metadata !== undefined) stream.metadata = dictionary(track.metadata);
  if (track.disposition !== undefined) stream.disposition = track.disposition as AVDisposition;
  if (track.sampleAspectRatio !== undefined) {
    stream.sampleAspectRatio = new AvRational(track.sampleAspectRatio.num, track.sampleAspectRatio.den);
  }
  if (track.frameRate !== undefined) stream.avgFrameRate = new AvRational(track.frameRate.num, track.frameRate.den);
  if (track.rotation) stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, displayMatrix(track.rotation));
}

/** FFmpeg's display matrix: 3×3 fixed-point numbers, 16.16 in the first two columns and 2.30 in the third. */
function displayMatrix(clockwise: 90 | 180 | 270): Buffer {
  const one = 1 << 16;
  const [a, b] = { 90: [0, one], 180: [-one, 0], 270: [0, -one] }[clockwise] as [number, number];
  return Buffer.from(Int32Array.of(a, b, 0, -b, a, 0, 0, 0, 1 << 30).buffer);
}

interface Queued {
  readonly packet: Packet;
  readonly trackIndex: number;
  readonly seconds: number;
}

function writePackets(output: FormatContext, tracks: readonly WrittenTrack[], path: string): void {
  const queue = tracks.flatMap(({ packets, timeBase }, trackIndex): Queued[] =>
    packets.map((packet) => ({ packet, trackIndex, seconds: (Number(packet.dts) * timeBase.num) / timeBase.den })),
  );
  queue.sort((a, b) => a.seconds - b.seconds);
  const streams = output.streams;
  for (const { packet, trackIndex } of queue) {
    const track = tracks[trackIndex];
    const stream = streams[trackIndex];
    if (track === undefined || stream === undefined) continue;
    packet.streamIndex = trackIndex;
    packet.rescaleTs(track.timeBase, stream.timeBase);
    avCheck(output.interleavedWriteFrameSync(packet), 'OUTPUT_UNWRITABLE', path);
    packet.free();
  }
}
