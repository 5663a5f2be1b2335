import {
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_SMPTE170M,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVCOL_TRC_SMPTE170M,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { Rational } from '../../../pipeline/time.js';
import { filterFrames } from './filter-source.js';
import { type EncodedTrack, TrackEncoder } from './track-encoder.js';
import { wantsGlobalHeader, writeTracks } from './write-tracks.js';

export interface GrayFilmOptions {
  /** Pixels; even numbers. */
  readonly width: number;
  readonly height: number;
  readonly frameRate: Rational;
  /** FFmpeg's muxer name. */
  readonly container: string;
  /** FFmpeg filter chain that begins in a source and makes the sound. */
  readonly sound: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

const SAMPLES_PER_FRAME = 1024;
const SAMPLE_RATE = 48_000;
const NEUTRAL_CHROMA = 128;

/** Writes a short black-and-white film (H.264 4:2:0 with neutral chroma, AAC) whose pictures are computed; it is held in memory until it is written. */
export class GrayFilmWriter {
  readonly #options: GrayFilmOptions;
  readonly #encoder: TrackEncoder;
  readonly #picture: Buffer;
  #frames = 0;

  constructor(options: GrayFilmOptions) {
    this.#options = options;
    const { width, height, frameRate, container } = options;
    this.#picture = Buffer.alloc((width * height * 3) / 2, NEUTRAL_CHROMA);
    this.#encoder = new TrackEncoder({
      encoder: 'libx264',
      options: { preset: 'veryfast', crf: '19', tune: 'grain' },
      timeBase: { num: frameRate.den, den: frameRate.num },
      frameRate,
      globalHeader: wantsGlobalHeader(container),
    });
  }

  /** Adds a picture: `width × height` luma samples, limited range. */
  addPicture(luma: Uint8Array): void {
    const { width, height, frameRate } = this.#options;
    this.#picture.set(luma);
    using frame = Frame.fromVideoBuffer(this.#picture, {
      width,
      height,
      format: AV_PIX_FMT_YUV420P,
      timeBase: { num: frameRate.den, den: frameRate.num },
    });
    frame.pts = BigInt(this.#frames++);
    frame.duration = 1n;
    frame.sampleAspectRatio = { num: 1, den: 1 } as Frame['sampleAspectRatio'];
    frame.colorRange = AVCOL_RANGE_MPEG;
    frame.colorSpace = AVCOL_SPC_SMPTE170M;
    frame.colorPrimaries = AVCOL_PRI_SMPTE170M;
    frame.colorTrc = AVCOL_TRC_SMPTE170M;
    this.#encoder.push(frame);
  }

  /** Writes the file, with sound as long as the pictures. @throws VitascopeError `OUTPUT_UNWRITABLE`, `FILTER_INVALID` */
  write(path: string): void {
    const { container, frameRate, metadata } = this.#options;
    const video = this.#encoder.finish();
    const sound = this.#encodeSound((this.#frames * frameRate.den) / frameRate.num);
    const settings = { container, ...(metadata === undefined ? {} : { metadata }) };
    writeTracks(path, [{ ...video, sampleAspectRatio: { num: 1, den: 1 }, frameRate }, sound], settings);
  }

  #encodeSound(seconds: number): EncodedTrack {
    const encoder = new TrackEncoder({
      encoder: 'aac',
      options: { b: '96000' },
      timeBase: { num: 1, den: SAMPLE_RATE },
      globalHeader: wantsGlobalHeader(this.#options.container),
    });
    const format = `aformat=sample_fmts=fltp:sample_rates=${SAMPLE_RATE}:channel_layouts=mono`;
    const chain = `${this.#options.sound},${format},atrim=duration=${seconds},asetnsamples=n=${SAMPLES_PER_FRAME}:p=0`;
    let samples = 0;
    for (const frame of filterFrames(chain, 'audio', Number.POSITIVE_INFINITY)) {
      frame.pts = BigInt(samples);
      samples += frame.nbSamples;
      encoder.push(frame);
    }
    return encoder.finish();
  }
}
