import { filterFrames } from '../../streams/libav/synthesis/filter-source.js';
import { TrackEncoder } from '../../streams/libav/synthesis/track-encoder.js';
import type { AudioTrack } from '../../streams/live/live-types.js';

export const SAMPLE_RATE = 48_000;
const SAMPLES_PER_PACKET = 1024;
/** A whole number of packets and of seconds. */
export const LOOP_SECONDS = 16;
const PACKETS = (LOOP_SECONDS * SAMPLE_RATE) / SAMPLES_PER_PACKET;

/** Sound that can be played again and again: a beep of a tenth of a second at each full second, each of another pitch. */
export interface SoundLoop {
  readonly track: AudioTrack;
  /** AAC, one after another; the first begins at the loop's beginning. */
  readonly packets: readonly Uint8Array[];
  readonly packetUs: number;
}

/** Pitch of the beep at a second of the loop, hertz. */
export const beepHertz = (second: number): number => 600 + 150 * (second % LOOP_SECONDS);

/** Encodes the loop. */
export function soundLoop(): SoundLoop {
  const encoder = new TrackEncoder({
    encoder: 'aac',
    options: { b: '96000' },
    timeBase: { num: 1, den: SAMPLE_RATE },
    globalHeader: true,
  });
  const pitch = `600+150*mod(floor(t),${LOOP_SECONDS})`;
  const beep = `if(lt(mod(t,1),0.1),0.5*sin(2*PI*(${pitch})*t),0)`.replaceAll(',', '\\,');
  const format = `aformat=sample_fmts=fltp:sample_rates=${SAMPLE_RATE}:channel_layouts=mono`;
  const chain = `aevalsrc=exprs=${beep}:s=${SAMPLE_RATE}:d=${3 * LOOP_SECONDS},${format},asetnsamples=n=${SAMPLES_PER_PACKET}:p=0`;
  let samples = 0;
  for (const frame of filterFrames(chain, 'audio', Number.POSITIVE_INFINITY)) {
    frame.pts = BigInt(samples);
    samples += frame.nbSamples;
    encoder.push(frame);
  }
  const { parameters, packets } = encoder.finish();
  // One round in the middle, where the encoder has the same before and after it as when the loop is played.
  const first = packets.findIndex(({ pts }) => pts === BigInt(LOOP_SECONDS * SAMPLE_RATE));
  const round = packets.slice(first, first + PACKETS).map(({ data }) => Uint8Array.from(data ?? []));
  const { codecId, extradata } = parameters;
  for (const packet of packets) packet.free();
  const extradataBase64 = extradata?.toString('base64') ?? null;
  const track: AudioTrack = {
    kind: 'audio',
    codec: 'aac',
    codecId,
    sampleRate: SAMPLE_RATE,
    channels: 1,
    extradataBase64,
  };
  parameters.free();
  return { track, packets: round, packetUs: (SAMPLES_PER_PACKET * 1e6) / SAMPLE_RATE };
}
