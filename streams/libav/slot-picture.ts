import type { AVPixelFormat } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { VideoFrame } from '../../pipeline/index.js';

interface SlotPicture {
  readonly picture: Frame;
  readonly key: string;
}

/** One for each slot in use; it goes with the slot's memory. */
const pictures = new WeakMap<SharedArrayBuffer, SlotPicture>();

/**
 * The slot of a frame as an AVFrame that owns no memory, so that FFmpeg copies pixels in and out of it natively. (Copying through
 * `Frame.data` makes a Buffer a plane and picture, of which V8 counts every byte as garbage: a full collection every twenty pictures.)
 *
 * Nothing where FFmpeg would place the planes elsewhere, which is at sizes whose planes are no multiple of the slot's alignment.
 * Use it at once: it stands for whatever the slot holds.
 *
 * @param format FFmpeg's pixel format to see the slot as: the frame's own, or the grey one of the same depth for luma alone.
 */
export function slotPicture(frame: VideoFrame, format: AVPixelFormat): Frame | undefined {
  const [luma, cb, cr] = frame.planes;
  const isTight = cb.byteOffset === luma.byteLength && cr.byteOffset === cb.byteOffset + cb.byteLength;
  if (!isTight) return undefined;
  const { buffer, width, height } = frame;
  const key = `${format} ${width} ${height}`;
  const known = pictures.get(buffer);
  if (known?.key === key) return known.picture;
  known?.picture.free();
  const picture = new Frame();
  picture.alloc();
  picture.width = width;
  picture.height = height;
  picture.format = format;
  picture.fromBuffer(Buffer.from(buffer));
  pictures.set(buffer, { picture, key });
  return picture;
}
