import { Frame, Packet } from 'node-av/lib';
import type { Microseconds, VideoSample } from '../../pipeline/index.js';
import type { AudioTrack, DecodedSound, EncodedPacket } from '../../streams/live/live-types.js';
import { decoderOf } from './beeps.js';
import { testFrame } from './frames.js';

const RATE = 48_000;

/** Sound as a player hears it: the first channel at 48 kHz from time 0 on, 0 where nothing comes. */
export function heardSamples(track: AudioTrack, packets: readonly EncodedPacket[]): Float32Array {
  const endUs = packets.reduce((end, { ptsUs, durationUs }) => Math.max(end, ptsUs + durationUs), 0);
  const samples = new Float32Array(Math.ceil((endUs * RATE) / 1e6) + 4096);
  const decoder = decoderOf(track);
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  for (const { data, ptsUs } of packets) {
    packet.data = Buffer.from(data);
    decoder.sendPacketSync(packet);
    packet.unref();
    while (decoder.receiveFrameSync(frame) >= 0) {
      const [plane] = frame.data ?? [];
      const at = Math.round((ptsUs * RATE) / 1e6);
      samples.set(new Float32Array(Uint8Array.from(plane ?? []).buffer, 0, frame.nbSamples), at);
      frame.unref();
    }
  }
  decoder.freeContext();
  return samples;
}

/** When clicks are loudest, microseconds. */
export function clicksIn(samples: Float32Array, threshold = 0.1): Microseconds[] {
  const times: Microseconds[] = [];
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i] as number) < threshold) continue;
    let loudest = i;
    for (let j = i; j < Math.min(samples.length, i + RATE / 20); j++) {
      if (Math.abs(samples[j] as number) > Math.abs(samples[loudest] as number)) loudest = j;
    }
    times.push((loudest * 1e6) / RATE);
    i = loudest + RATE / 20;
  }
  return times;
}

/** The loudest sample between two times, microseconds. */
export function loudest(samples: Float32Array, fromUs: Microseconds, toUs: Microseconds): number {
  const part = samples.subarray(Math.round((fromUs * RATE) / 1e6), Math.round((toUs * RATE) / 1e6));
  return part.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** A picture that leaves a graph, with an impact where one is named. The caller closes its frame. */
export function pictureAt(
  ptsUs: Microseconds,
  impactUs?: Microseconds,
  durationUs: Microseconds = 40_000,
): VideoSample {
  const sounds = impactUs === undefined ? [] : [{ kind: 'impact', atUs: impactUs, material: 'metal' }];
  return { frame: testFrame(0, { ptsUs, durationUs }), meta: { sounds } };
}

/** A tone of a source, in pieces of 20 ms. */
export function tone(fromUs: Microseconds, toUs: Microseconds, amplitude = 0.2): DecodedSound[] {
  const pieces: DecodedSound[] = [];
  for (let ptsUs = fromUs; ptsUs < toUs; ptsUs += 20_000) {
    const first = Math.round((ptsUs * RATE) / 1e6);
    const channel = Float32Array.from({ length: 960 }, (_, i) => amplitude * Math.sin((first + i) * 0.0576));
    pieces.push({ channels: [channel], ptsUs, durationUs: 20_000 });
  }
  return pieces;
}
