import { AV_FRAME_FLAG_INTERLACED, AV_FRAME_FLAG_TOP_FIELD_FIRST } from 'node-av/constants';
import { avGetPixFmtName, Frame } from 'node-av/lib';
import {
  FramePool,
  type FrameTiming,
  type FrameTransform,
  type Rational,
  toMicroseconds,
  type VideoFrame,
  type VideoSample,
} from '../../pipeline/index.js';
import { avCheck } from './av.js';
import { FilterSession } from './filter-session.js';
import { copyToAv, setColorTags } from './picture-copy.js';
import { PictureIntake } from './picture-intake.js';
import { avPixelFormats, intakeOf } from './pixel-formats.js';

const MICROSECONDS: Rational = { num: 1, den: 1_000_000 };

/** Inputs remembered so that an output with the same time gets their number and metadata. */
const REMEMBERED = 64;

export interface FrameFilterOptions {
  /** FFmpeg filter syntax; see {@link FilterSession.open} for the labels of several inputs. */
  readonly chain: string;
  /** Output frames that may be open at once. Default 8. */
  readonly slots?: number | undefined;
}

/**
 * An FFmpeg filter chain over frames: one input of the transform is one frame a filter input, of equal times. Frames that go in are closed
 * once the filters have them; frames that come out lie in a pool of the filter's own, for whose slots it waits.
 * The chain is connected when the first frames come, as only they tell size and format.
 */
export class FrameFilter implements FrameTransform<readonly VideoSample[], VideoSample> {
  readonly #chain: string;
  readonly #pool: FramePool;
  readonly #history = new Map<number, { readonly timing: FrameTiming; readonly meta: object }>();
  #session: FilterSession | undefined;
  #intake: PictureIntake | undefined;
  #latest: FrameTiming | undefined;
  #rotation = 0;

  constructor(options: FrameFilterOptions) {
    this.#chain = options.chain;
    this.#pool = new FramePool({ slots: options.slots ?? 8, name: `filter ${options.chain}` });
  }

  async transform(
    inputs: readonly VideoSample[],
    emit: (sample: VideoSample) => void,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      this.#session ??= FilterSession.open(
        this.#chain,
        inputs.map(({ frame }) => describe(frame)),
      );
      for (const [i, { frame }] of inputs.entries()) {
        const picture = toAv(frame);
        try {
          await this.#session.push(picture, i);
        } finally {
          picture.free();
        }
      }
      this.#remember(inputs);
    } finally {
      for (const { frame } of inputs) frame.close();
    }
    await this.#drain(emit, signal);
  }

  async flush(emit: (sample: VideoSample) => void, signal: AbortSignal): Promise<void> {
    if (this.#session === undefined) return;
    await this.#session.push(null);
    await this.#drain(emit, signal);
  }

  dispose(): void {
    this.#session?.close();
    this.#intake?.close();
  }

  #remember(inputs: readonly VideoSample[]): void {
    const { frame } = inputs[0] as VideoSample;
    const { ptsUs, durationUs, index } = frame;
    this.#latest = { ptsUs, durationUs, index };
    this.#rotation = frame.rotation;
    this.#history.set(ptsUs, { timing: this.#latest, meta: Object.assign({}, ...inputs.map((s) => s.meta)) });
    if (this.#history.size <= REMEMBERED) return;
    for (const oldest of this.#history.keys()) {
      this.#history.delete(oldest);
      return;
    }
  }

  async #drain(emit: (sample: VideoSample) => void, signal: AbortSignal): Promise<void> {
    const session = this.#session as FilterSession;
    for (;;) {
      const picture = await session.pull();
      if (picture === undefined) return;
      try {
        const sample = await this.#toSample(picture, session.timeBase, signal);
        if (sample !== undefined) emit(sample);
      } finally {
        picture.free();
      }
    }
  }

  async #toSample(picture: Frame, timeBase: Rational, signal: AbortSignal): Promise<VideoSample | undefined> {
    const ptsUs = toMicroseconds(picture.pts, timeBase);
    const known = this.#history.get(ptsUs);
    const duration = picture.duration > 0n ? toMicroseconds(picture.duration, timeBase) : 0;
    const timing = {
      ptsUs,
      durationUs: duration > 0 ? duration : (known?.timing.durationUs ?? this.#latest?.durationUs ?? 0),
      index: known?.timing.index ?? this.#latest?.index ?? 0,
    };
    this.#intake ??= new PictureIntake({ ...formatOf(picture), rotation: this.#rotation }, { rescaled: 0 });
    const frame = await this.#intake.take(picture, timing, this.#pool, signal);
    return frame && { frame, meta: known?.meta ?? {} };
  }
}

function describe(frame: VideoFrame) {
  const picture = toAv(frame, false);
  const { colorSpace, colorRange } = picture;
  picture.free();
  return {
    width: frame.width,
    height: frame.height,
    avPixelFormat: avPixelFormats[frame.pixelFormat],
    timeBase: MICROSECONDS,
    frameRate: frame.durationUs > 0 ? { num: 1_000_000, den: frame.durationUs } : { num: 0, den: 1 },
    sampleAspectRatio: frame.sampleAspectRatio,
    colorSpace,
    colorRange,
  };
}

function formatOf(picture: Frame) {
  const { num, den } = picture.sampleAspectRatio;
  return {
    pixelFormat: intakeOf(avGetPixFmtName(picture.format as never) ?? '').pixelFormat,
    width: picture.width,
    height: picture.height,
    sampleAspectRatio: { num, den },
    color: { range: 'unknown', matrix: 2, primaries: 2, transfer: 2, chromaLocation: 0 } as const,
  };
}

/** The frame as an AVFrame of its own, with its pixels unless told otherwise. */
function toAv(frame: VideoFrame, withPixels = true): Frame {
  const picture = new Frame();
  picture.alloc();
  picture.width = frame.width;
  picture.height = frame.height;
  picture.format = avPixelFormats[frame.pixelFormat];
  picture.sampleAspectRatio = frame.sampleAspectRatio as never;
  picture.timeBase = MICROSECONDS as never;
  picture.pts = BigInt(frame.ptsUs);
  picture.duration = BigInt(frame.durationUs);
  setColorTags(picture, frame.color);
  if (frame.fieldOrder !== 'progressive') picture.setFlags(AV_FRAME_FLAG_INTERLACED);
  if (frame.fieldOrder === 'top-first') picture.setFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST);
  if (!withPixels) return picture;
  avCheck(picture.getBuffer(0), 'FRAME_FORMAT', 'no memory for a picture');
  copyToAv(frame, picture);
  return picture;
}
