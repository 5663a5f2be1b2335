import type { AVPixelFormat } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { VideoFrame } from '../../pipeline/index.js';

/** Of each slot, by format and size; they go with the slot's memory. */
const pictures = new WeakMap<SharedArrayBuffer, Map<string, Frame>>();

/**
 * The slot of a frame as an AVFrame that owns no memory, so that FFmpeg copies pixels in and out of it natively. (`Frame.data` makes a
 * Buffer a plane and picture, whose bytes V8 counts as garbage: at 720p that is a full collection every twenty pictures.)
 *
 * Nothing at the odd sizes where FFmpeg would not place the planes as the slot does. It stands for whatever the slot holds, so use it at once.
 *
 * @param format FFmpeg's pixel format to see the slot as: one with the frame's planes, or grey for luma alone.
 */
export function slotPicture(frame: VideoFrame, format: AVPixelFormat): Frame | undefined {
  const [luma, cb, cr] = frame.planes;
  if (cb.byteOffset !== luma.byteLength || cr.byteOffset !== cb.byteOffset + cb.byteLength) return undefined;
  const { buffer, width, height } = frame;
  const ofSlot = pictures.get(buffer) ?? new Map<string, Frame>();
  pictures.set(buffer, ofSlot);
  const key = `${format} ${width}×${height}`;
  const picture = ofSlot.get(key) ?? pictureOver(buffer, format, width, height);
  ofSlot.set(key, picture);
  return picture;
}

function pictureOver(buffer: SharedArrayBuffer, format: AVPixelFormat, width: number, height: number): Frame {
  const picture = new Frame();
  picture.alloc();
  picture.width = width;
  picture.height = height;
  picture.format = format;
  picture.fromBuffer(Buffer.from(buffer));
  return picture;
}
