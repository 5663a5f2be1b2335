import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { type Fit, type Placement, placePicture, type Size } from './letterbox.js';

/** A frame's format, as far as its shape goes. */
export type FrameShape = Pick<VideoFrame, 'width' | 'height' | 'sampleAspectRatio'>;

/** Width of a pixel divided by its height; pixels of unknown shape count as square. */
export function pixelAspect({ sampleAspectRatio: { num, den } }: FrameShape): number {
  return num > 0 && den > 0 ? num / den : 1;
}

/** Size of a frame as it is seen: pixels that are not square make it wider or narrower. */
export function displaySize(frame: FrameShape): Size {
  return { width: frame.width * pixelAspect(frame), height: frame.height };
}

/**
 * Lays a frame onto the canvas of a network, in the proportions that a viewer sees. The way back leads to the frame's own pixels, square
 * or not.
 */
export function placeFrame(frame: FrameShape, canvas: Size, fit: Fit): Placement {
  const placement = placePicture(displaySize(frame), canvas, fit);
  return { ...placement, scaleX: placement.inner.width / frame.width };
}
