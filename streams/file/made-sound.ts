import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CodecParameters, FormatContext } from 'node-av/lib';
import type { AudioFrame, Microseconds } from '../../pipeline/index.js';
import { avCheck } from '../libav/av.js';
import { type StereoCodec, StereoEncoder } from '../libav/stereo-encoder.js';

/** Of made sound: its packets are timed in samples. */
export const SOUND_TIME_BASE = { num: 1, den: 48_000 } as const;

/** Encoded sound in a file of the work folder, as {@link MadeSoundWriter} leaves it. */
export interface MadeSound {
  readonly path: string;
  /** What a muxer must know; freed by {@link removeMadeSound}. */
  readonly parameters: CodecParameters;
  /** Where the first sample is heard, on the pipeline's timeline. */
  readonly startUs: Microseconds;
  /** Of each channel. */
  readonly samples: number;
  /** Samples of a packet. */
  readonly frameSamples: number;
}

/** Encodes 48 kHz stereo to a file of the work folder: NUT, which any FFmpeg player opens. */
export class MadeSoundWriter {
  readonly #path: string;
  readonly #startUs: Microseconds;
  readonly #encoder: StereoEncoder;
  #output: FormatContext | undefined;
  #packets = 0;
  #samples = 0;

  /** @throws VitascopeError `ENCODER_UNKNOWN`, `ENCODER_FAILED` */
  constructor(folder: string, codec: StereoCodec, startUs: Microseconds) {
    this.#path = join(folder, 'sound.nut');
    this.#startUs = startUs;
    this.#encoder = new StereoEncoder(codec, (packet) => {
      const output = this.#opened();
      packet.streamIndex = 0;
      packet.pts = BigInt(this.#packets++ * this.#encoder.frameSamples);
      packet.dts = packet.pts;
      packet.rescaleTs(SOUND_TIME_BASE as never, output.streams[0]?.timeBase as never);
      avCheck(output.interleavedWriteFrameSync(packet), 'OUTPUT_UNWRITABLE', `cannot write ${this.#path}`);
    });
  }

  /** Takes the sound that follows; the frame stays the caller's. @throws VitascopeError `ENCODER_FAILED`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL` */
  write({ channels, samples }: AudioFrame): void {
    const [left, right = left] = channels as [Float32Array, Float32Array?];
    this.#encoder.push(left, right as Float32Array);
    this.#samples += samples;
  }

  /** @throws VitascopeError as {@link write} */
  finish(): MadeSound {
    const { frameSamples } = this.#encoder;
    this.#encoder.finish();
    const output = this.#opened();
    avCheck(output.writeTrailerSync(), 'OUTPUT_UNWRITABLE', `cannot finish ${this.#path}`);
    const parameters = this.#encoder.parameters();
    this.#close();
    return { path: this.#path, parameters, startUs: this.#startUs, samples: this.#samples, frameSamples };
  }

  /** Gives up and removes the file. */
  async discard(): Promise<void> {
    this.#close();
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  #close(): void {
    this.#encoder.close();
    this.#output?.closeOutputSync();
    this.#output?.freeContext();
    this.#output = undefined;
  }

  #opened(): FormatContext {
    return this.#output ?? this.#open();
  }

  #open(): FormatContext {
    const output = new FormatContext();
    // Now, so that it is freed where one of the next steps fails.
    this.#output = output;
    const who = `cannot create ${this.#path}`;
    avCheck(output.allocOutputContext2(null, 'nut', this.#path), 'OUTPUT_UNWRITABLE', who);
    const track = output.newStream(null);
    const parameters = this.#encoder.parameters();
    track.codecpar = parameters;
    parameters.free();
    track.timeBase = SOUND_TIME_BASE as never;
    avCheck(output.openOutputSync(), 'OUTPUT_UNWRITABLE', who);
    avCheck(output.writeHeaderSync(null), 'OUTPUT_UNWRITABLE', who);
    return output;
  }
}

/** Removes the file, and frees what belongs to it. */
export async function removeMadeSound({ path, parameters }: MadeSound): Promise<void> {
  parameters.free();
  await rm(path, { force: true });
}
