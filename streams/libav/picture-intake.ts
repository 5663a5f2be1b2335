import { AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST, type AVPixelFormat } from 'node-av/constants';
import { avGetPixFmtName, type Frame } from 'node-av/lib';
import {
  type ColorTags,
  type FieldOrder,
  type FramePool,
  type FrameTiming,
  type PictureFormat,
  rationalValue,
  VideoFrame,
  VitascopeError,
} from '../../pipeline/index.js';
import { rational } from './av.js';
import { FilterSession } from './filter-session.js';
import { fitInside } from './fit-inside.js';
import { colorTagsOf, copyFromAv, copyGrayFromAv } from './picture-copy.js';
import { type Intake, intakeOf } from './pixel-formats.js';

/**
 * Turns decoded pictures into frames of one format and size: planes are copied as they are where the formats agree; else, or when the
 * resolution changes in mid-stream, swscale converts (fitting the new picture inside the old size, with black borders).
 */
export class PictureIntake {
  readonly #target: PictureFormat;
  readonly #report: { rescaled: number };
  #converter: { readonly key: string; readonly session: FilterSession } | undefined;

  constructor(target: PictureFormat, report: { rescaled: number }) {
    this.#target = target;
    this.#report = report;
  }

  /**
   * A frame with this picture's pixels in a slot of `pool`, or nothing when the pool's policy drops it. The AVFrame stays the
   * caller's.
   */
  async take(av: Frame, timing: FrameTiming, pool: FramePool, signal?: AbortSignal): Promise<VideoFrame | undefined> {
    const intake = intakeOf(pixelFormatName(av));
    const frame = await VideoFrame.admit(pool, this.#properties(av, intake, timing), signal);
    if (frame === undefined) return undefined;
    try {
      await this.#fill(av, intake, frame);
      return frame;
    } catch (error) {
      frame.close();
      throw error;
    }
  }

  close(): void {
    this.#converter?.session.close();
    this.#converter = undefined;
  }

  async #fill(av: Frame, intake: Intake, frame: VideoFrame): Promise<void> {
    const { width, height, pixelFormat } = this.#target;
    const sameSize = av.width === width && av.height === height;
    if (!sameSize) this.#report.rescaled++;
    if (sameSize && intake.pixelFormat === pixelFormat && intake.how === 'copy') return copyFromAv(av, frame);
    if (sameSize && intake.pixelFormat === pixelFormat && intake.how === 'gray') return copyGrayFromAv(av, frame);
    const converted = await this.#convert(av, sameSize ? intake : { ...intake, via: avName(pixelFormat) });
    try {
      if (intakeOf(pixelFormatName(converted)).how === 'gray') copyGrayFromAv(converted, frame);
      else copyFromAv(converted, frame);
    } finally {
      converted.free();
    }
  }

  async #convert(av: Frame, intake: Intake): Promise<Frame> {
    const key = [av.width, av.height, av.format, av.colorSpace, av.colorRange, intake.via].join(' ');
    if (this.#converter?.key !== key) {
      this.close();
      this.#converter = { key, session: this.#openConverter(av, intake) };
    }
    const { session } = this.#converter as { session: FilterSession };
    await session.push(av);
    const converted = await session.pull();
    if (converted === undefined) throw new VitascopeError('FRAME_FORMAT', 'a picture could not be converted');
    return converted;
  }

  #openConverter(av: Frame, intake: Intake): FilterSession {
    const { width, height } = this.#target;
    const fits = av.width === width && av.height === height;
    // RGB has no matrix of its own: BT.709 limited range is asked for, and the frame's tags say so.
    const scale = intake.isRgb ? 'scale=out_color_matrix=bt709:out_range=tv' : 'scale';
    const chain = fits ? `${scale},format=${intake.via}` : fitInside(width, height, 'flags=bicubic', intake.via);
    return FilterSession.open(chain, [
      {
        width: av.width,
        height: av.height,
        avPixelFormat: av.format,
        timeBase: { num: 1, den: 1_000_000 },
        frameRate: { num: 0, den: 1 },
        sampleAspectRatio: { num: 1, den: 1 },
        colorSpace: av.colorSpace,
        colorRange: av.colorRange,
      },
    ]);
  }

  #properties(av: Frame, intake: Intake, timing: FrameTiming) {
    const sar = rational(av.sampleAspectRatio);
    return {
      ...this.#target,
      ...timing,
      sampleAspectRatio: rationalValue(sar) > 0 ? sar : this.#target.sampleAspectRatio,
      color: colorOf(av, intake),
      fieldOrder: fieldOrderOf(av),
    };
  }
}

/** BT.709, limited range: what RGB pictures are converted to. */
export const convertedRgb: ColorTags = { range: 'tv', matrix: 1, primaries: 1, transfer: 1, chromaLocation: 0 };

function colorOf(av: Frame, intake: Intake): ColorTags {
  if (intake.isRgb) return convertedRgb;
  const color = colorTagsOf(av as never);
  return intake.fullRange ? { ...color, range: 'pc' } : color;
}

function fieldOrderOf(av: Frame): FieldOrder {
  if (!av.hasFlags(AV_FRAME_FLAG_INTERLACED)) return 'progressive';
  return av.hasFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST) ? 'top-first' : 'bottom-first';
}

const avName = (format: string): string => (format.endsWith('10') ? `${format}le` : format);

function pixelFormatName(av: Frame): string {
  return avGetPixFmtName(av.format as AVPixelFormat) ?? 'unknown';
}
