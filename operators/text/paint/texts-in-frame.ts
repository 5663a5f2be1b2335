import { attachedSize, type PictureSize } from '../../../pipeline/index.js';
import type { Point, SeenText } from '../texts-meta.js';

/** Lines of text as they lie in a frame that may have been scaled since they were read. They must be the very array that was attached. */
export function textsInFrame(texts: readonly SeenText[], frame: PictureSize): readonly SeenText[] {
  const read = attachedSize(texts);
  if (read === undefined || (read.width === frame.width && read.height === frame.height)) return texts;
  const [scaleX, scaleY] = [frame.width / read.width, frame.height / read.height];
  const scaled = ([x, y]: Point): Point => [x * scaleX, y * scaleY];
  return texts.map((text) => {
    const [a, b, c, d] = text.quad;
    return { ...text, quad: [scaled(a), scaled(b), scaled(c), scaled(d)] };
  });
}
