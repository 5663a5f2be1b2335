import { AV_SAMPLE_FMT_FLTP, AVMEDIA_TYPE_AUDIO, type AVSampleFormat } from 'node-av/constants';
import {
  avGetCodecName,
  Codec,
  CodecContext,
  type FormatContext,
  Frame,
  Packet,
  SoftwareResampleContext,
  type Stream,
} from 'node-av/lib';
import { VitascopeError } from '../../pipeline/index.js';
import { avCheck, isAgain, isEnd } from './av.js';
import { openInput } from './input.js';

const FLOAT_BYTES = 4;
const MONO = { nbChannels: 1, order: 1, mask: 4n } as never;

/** How a {@link readSoundFile} reads. */
export interface SoundFileOptions {
  /** Of the result, hertz. */
  readonly sampleRate: number;
  /** No more than this is read. */
  readonly maxSeconds: number;
}

/** A whole sound in memory. */
export interface SoundFile {
  /** Mono, all channels mixed; numbers that are none in the file are 0. The caller's. */
  readonly samples: Float32Array;
  /** The file goes on after what was read. */
  readonly cut: boolean;
}

/**
 * Reads a short sound file of any format that the bundled FFmpeg decodes, at any rate and with any channels. Parts that do not decode are left out.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`; `INPUT_UNREADABLE` when it holds no sound; `DECODER_MISSING`.
 */
export async function readSoundFile(path: string, options: SoundFileOptions): Promise<SoundFile> {
  const context = await openInput(path);
  try {
    const stream = context.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO);
    if (stream === undefined) {
      throw new VitascopeError('INPUT_UNREADABLE', `cannot read ${path}: it holds no sound`, { context: { path } });
    }
    return await decodeAll(context, stream, options);
  } finally {
    await context.closeInput();
  }
}

async function decodeAll(context: FormatContext, stream: Stream, options: SoundFileOptions): Promise<SoundFile> {
  const decoder = openDecoder(stream);
  const collector = new MonoCollector(options);
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  const drain = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      collector.push(frame);
      frame.unref();
    }
  };
  try {
    while (!collector.isFull && (await context.readFrame(packet)) >= 0) {
      if (packet.streamIndex === stream.index) {
        while (isAgain(decoder.sendPacketSync(packet))) drain();
        drain();
      }
      packet.unref();
    }
    if (!isEnd(decoder.sendPacketSync(null))) drain();
    return collector.finish();
  } finally {
    collector.close();
    packet.free();
    frame.free();
    decoder.freeContext();
  }
}

function openDecoder({ codecpar }: Stream): CodecContext {
  const name = avGetCodecName(codecpar.codecId) ?? 'unknown';
  const codec = Codec.findDecoder(codecpar.codecId);
  if (codec === null) throw new VitascopeError('DECODER_MISSING', `the bundled FFmpeg has no decoder for ${name}`);
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  try {
    decoder.parametersToContext(codecpar);
    decoder.threadCount = 1;
    avCheck(decoder.open2Sync(codec, null), 'DECODER_MISSING', `the ${name} decoder does not open`);
    return decoder;
  } catch (error) {
    decoder.freeContext();
    throw error;
  }
}

/** Decoded frames → one run of mono sound. */
class MonoCollector {
  readonly #rate: number;
  readonly #most: number;
  readonly #parts: Float32Array[] = [];
  #length = 0;
  #resampler: SoftwareResampleContext | undefined;
  #shape = '';

  constructor({ sampleRate, maxSeconds }: SoundFileOptions) {
    this.#rate = sampleRate;
    this.#most = Math.round(sampleRate * maxSeconds);
  }

  get isFull(): boolean {
    return this.#length > this.#most;
  }

  push(frame: Frame): void {
    const data = frame.extendedData ?? frame.data;
    if (data === null || this.isFull) return;
    const resampler = this.#resamplerFor(frame);
    if (resampler !== undefined) this.#convert(resampler, data, frame.nbSamples);
  }

  finish(): SoundFile {
    this.#drain();
    const samples = new Float32Array(Math.min(this.#length, this.#most));
    let at = 0;
    for (const part of this.#parts) {
      samples.set(part.subarray(0, samples.length - at), at);
      at = Math.min(samples.length, at + part.length);
    }
    for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) samples[i] = 0;
    return { samples, cut: this.isFull };
  }

  close(): void {
    this.#resampler?.free();
    this.#resampler = undefined;
  }

  #drain(): void {
    if (this.#resampler !== undefined) this.#convert(this.#resampler, null, 0);
  }

  #convert(resampler: SoftwareResampleContext, data: Buffer[] | null, samples: number): void {
    const room = resampler.getOutSamples(samples);
    if (room <= 0) return;
    const part = new Float32Array(new ArrayBuffer(room * FLOAT_BYTES));
    const made = resampler.convertSync([Buffer.from(part.buffer)], room, data, samples);
    if (made <= 0) return;
    this.#parts.push(part.subarray(0, made));
    this.#length += made;
  }

  /** Sources may change in mid-stream. */
  #resamplerFor({ format, sampleRate, channelLayout }: Frame): SoftwareResampleContext | undefined {
    const shape = [format, sampleRate, channelLayout.nbChannels, channelLayout.order, channelLayout.mask].join();
    if (this.#shape === shape) return this.#resampler;
    this.#drain();
    this.close();
    this.#shape = shape;
    const resampler = new SoftwareResampleContext();
    const set = resampler.allocSetOpts2(
      MONO,
      AV_SAMPLE_FMT_FLTP,
      this.#rate,
      channelLayout,
      format as AVSampleFormat,
      sampleRate,
    );
    if (set < 0 || resampler.init() < 0) {
      resampler.free();
      return undefined;
    }
    this.#resampler = resampler;
    return resampler;
  }
}
