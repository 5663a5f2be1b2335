import { AV_PKT_DATA_SKIP_SAMPLES } from 'node-av/constants';
import { FormatContext, Packet } from 'node-av/lib';
import { type Microseconds, toMicroseconds, toTicks } from '../../pipeline/index.js';
import { avCheck } from '../libav/av.js';
import { type MadeSound, SOUND_TIME_BASE } from './made-sound.js';
import type { TimedPacket } from './piece-packets.js';

/** Of FFmpeg's side data that says how many samples of a packet are not heard: at the beginning and at the end, 32 bits each, and two bytes why. */
const SKIP_BYTES = 10;

/**
 * The packets of made sound. Times are counted in samples, so that nothing is rounded. A packet's time is that of what players hear of it: the first ones, of what
 * the encoder puts before the sound, come before its beginning.
 */
export class SoundPackets {
  readonly #sound: MadeSound;
  readonly #input = new FormatContext();
  readonly #packet = new Packet();
  readonly #endTick: number;
  #tick: number;

  /** @param shiftUs Subtracted from times. @throws VitascopeError `INPUT_CHANGED` when the file is damaged. */
  constructor(sound: MadeSound, shiftUs: Microseconds) {
    this.#sound = sound;
    const start = Number(toTicks(sound.startUs - shiftUs, SOUND_TIME_BASE));
    this.#tick = start - sound.parameters.initialPadding;
    this.#endTick = start + sound.samples;
    avCheck(this.#input.openInputSync(sound.path, null, null), 'INPUT_CHANGED', `cannot read ${sound.path}`);
    this.#packet.alloc();
  }

  /** The next packet, borrowed until the next call; nothing at the end. */
  next(): TimedPacket | undefined {
    const packet = this.#packet;
    packet.unref();
    if (this.#tick >= this.#endTick || this.#input.readFrameSync(packet) < 0) return undefined;
    const { frameSamples } = this.#sound;
    const surplus = Math.max(0, this.#tick + frameSamples - this.#endTick);
    packet.pts = BigInt(this.#tick);
    packet.dts = packet.pts;
    packet.duration = BigInt(frameSamples - surplus);
    if (surplus > 0) packet.addSideData(AV_PKT_DATA_SKIP_SAMPLES, skippedAtEnd(surplus));
    this.#tick += frameSamples;
    return { packet, dtsUs: toMicroseconds(packet.dts, SOUND_TIME_BASE) };
  }

  close(): void {
    this.#packet.free();
    this.#input.closeInputSync();
  }
}

function skippedAtEnd(samples: number): Buffer {
  const data = Buffer.alloc(SKIP_BYTES);
  data.writeUInt32LE(samples, 4);
  return data;
}
