import { noteAttachedSize, type PictureSize } from './attached-size.js';
import type { AudioFrame } from './audio-frame.js';
import type { VideoFrame } from './video-frame.js';

/** Anything that is owned: closed exactly once by each owner. */
export interface Closeable {
  readonly closed: boolean;
  retain(): this;
  close(): void;
}

/**
 * What travels through a graph: a frame and the results that operators have attached to it. The type of `meta`
 * accumulates, so drawing poses before estimating them does not compile. Owning a sample means owning its frame.
 */
export interface Sample<Frame extends Closeable, Meta extends object = object> {
  readonly frame: Frame;
  readonly meta: Meta;
}

/** A picture and what operators have found in it. */
export type VideoSample<Meta extends object = object> = Sample<VideoFrame, Meta>;
/** A run of sound and what operators have found in it. */
export type AudioSample<Meta extends object = object> = Sample<AudioFrame, Meta>;

/**
 * The sample with more metadata; the frame, and who owns it, stay the same. Places in the metadata are pixels of this frame; `attachedSize` tells later how
 * large it was.
 */
export function attach<F extends Closeable, M extends object, N extends object>(
  sample: Sample<F, M>,
  more: N,
): Sample<F, M & N> {
  const { frame } = sample as Sample<Closeable & Partial<PictureSize>>;
  const { width, height } = frame;
  if (width !== undefined && height !== undefined) {
    for (const result of Object.values(more)) noteAttachedSize(result, { width, height });
  }
  return { frame: sample.frame, meta: { ...sample.meta, ...more } };
}

/** The sample with another frame; the caller has closed, or still owns, the old one. */
export function withFrame<F extends Closeable, M extends object>(sample: Sample<Closeable, M>, frame: F): Sample<F, M> {
  return { frame, meta: sample.meta };
}
