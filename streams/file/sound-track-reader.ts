import { AVDISCARD_ALL, AVFMT_FLAG_GENPTS, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { type FormatContext, Packet, type Stream } from 'node-av/lib';
import { AudioFrame, type Microseconds, VitascopeError } from '../../pipeline/index.js';
import type { FilmRange } from '../film.js';
import { rational } from '../libav/av.js';
import { openInput } from '../libav/input.js';
import { shownUs } from '../libav/seek-point.js';
import { SoundDecoder } from '../live/sound-decoder.js';
import type { SoundPiece } from '../live/sound-encoder.js';

/** Which sound to read. */
export interface SoundTrackRequest {
  readonly path: string;
  /** Index of the track in the container. */
  readonly track: number;
  /** Subtracted from the container's times, before the range is applied. */
  readonly originUs: Microseconds;
  readonly range?: FilmRange | undefined;
  /** Called for each packet of the track, whether or not it can be decoded. */
  readonly onPacket?: (() => void) | undefined;
}

const SAMPLE_RATE = 48_000;
/** Packets read between two turns of the event loop. */
const PACKETS_PER_TURN = 64;
/** How far before the range reading begins: decoders need some packets until all is as it should be. */
const SEEK_EARLIER_US: Microseconds = 1_000_000;

/**
 * Decodes a track of sound: 48 kHz, stereo, or mono where the track is mono; more channels are mixed down. Frames come in order, at the times that the track says, cut to
 * the range to the sample; what does not decode is left out. Memory is that of a frame.
 *
 * @returns Frames that belong to the receiver.
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `DECODER_MISSING`
 */
export async function* readSoundTrack(request: SoundTrackRequest): AsyncGenerator<AudioFrame, void> {
  const {
    path,
    track,
    originUs,
    range: { fromUs = Number.NEGATIVE_INFINITY, toUs = Number.POSITIVE_INFINITY } = {},
  } = request;
  const input = await openInput(path);
  input.setFlags(AVFMT_FLAG_GENPTS);
  const packet = new Packet();
  let decoder: SoundDecoder | undefined;
  try {
    const stream = soundStream(input, request);
    decoder = new SoundDecoder(stream, { sampleRate: SAMPLE_RATE, channels: stream.codecpar.channels === 1 ? 1 : 2 });
    for (const other of input.streams) if (other.index !== track) other.discard = AVDISCARD_ALL;
    if (fromUs > SEEK_EARLIER_US) {
      // A refused seek only costs time: what comes too early is skipped below.
      input.seekFrameSync(-1, BigInt(Math.round(fromUs + originUs - SEEK_EARLIER_US)), AVSEEK_FLAG_BACKWARD);
    }
    packet.alloc();
    const timeBase = rational(stream.timeBase);
    let nextUs = 0;
    for (let count = 1; input.readFrameSync(packet) >= 0; packet.unref(), count++) {
      if (count % PACKETS_PER_TURN === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      if (packet.streamIndex !== track) continue;
      request.onPacket?.();
      const saidUs = shownUs(packet, timeBase);
      packet.pts = BigInt(Math.round(saidUs ?? nextUs));
      packet.dts = packet.pts;
      const frames: AudioFrame[] = [];
      decoder.decode(packet, (piece, us = nextUs) => {
        const ptsUs = us - originUs;
        nextUs = us + Math.round((piece.samples * 1e6) / SAMPLE_RATE);
        const frame = cutTo(piece, ptsUs, fromUs, toUs);
        if (frame !== undefined) frames.push(frame);
      });
      yield* frames;
      if (saidUs !== undefined && saidUs - originUs >= toUs) return;
    }
  } finally {
    decoder?.close();
    packet.free();
    await input.closeInput();
  }
}

function soundStream(input: FormatContext, { path, track }: SoundTrackRequest): Stream {
  const stream = input.streams[track];
  if (stream !== undefined) return stream;
  throw new VitascopeError('INPUT_CHANGED', `${path} has no track ${track} any more`, { context: { path, track } });
}

/** A copy of what lies in the range. */
function cutTo(
  { planes, samples }: SoundPiece,
  ptsUs: Microseconds,
  fromUs: Microseconds,
  toUs: Microseconds,
): AudioFrame | undefined {
  const samplesUntil = (us: Microseconds): number =>
    Math.min(samples, Math.max(0, Math.round(((us - ptsUs) * SAMPLE_RATE) / 1e6)));
  const [from, to] = [samplesUntil(fromUs), samplesUntil(toUs)];
  if (to <= from) return undefined;
  return new AudioFrame({
    channels: planes.map((plane) => plane.slice(from, to)),
    sampleRate: SAMPLE_RATE,
    ptsUs: ptsUs + Math.round((from * 1e6) / SAMPLE_RATE),
  });
}
