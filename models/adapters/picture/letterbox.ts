import { type InlineTensor, inlineTensor } from '../../tensor.js';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a picture is laid into the input of a network. */
export interface Fit {
  /** `letterbox` keeps proportions and fills the rest; `stretch` does not keep them; `crop` does, and cuts off what reaches beyond the canvas. */
  readonly fit: 'letterbox' | 'stretch' | 'crop';
  /** Where the picture lies on the canvas. Default `top-left`. */
  readonly anchor?: 'top-left' | 'centre';
  /** Whether small pictures are enlarged. Default true. */
  readonly enlarge?: boolean;
  /** For `crop`: the picture's short side becomes this long, or as long as it takes to fill the canvas. Default: the latter. */
  readonly short?: number;
}

/** Where a picture lies in the input of a network, and the way back. Coordinates are pixels, pixel centres at half coordinates. */
export interface Placement {
  /** The picture on the canvas, whole pixels; larger than the canvas where it is cut. */
  readonly inner: Size;
  /** Negative where the picture is cut, as is {@link top}. */
  readonly left: number;
  readonly top: number;
  readonly canvas: Size;
  /** Canvas pixels per picture pixel. */
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * Lays a picture onto the canvas of a network. Sizes are rounded to whole pixels, and the scales are those that result from rounding, so that
 * the way back is exact.
 */
export function placePicture(picture: Size, canvas: Size, fit: Fit): Placement {
  const inner = innerSize(picture, canvas, fit);
  const free = (fit.anchor ?? 'top-left') === 'centre' || fit.fit === 'crop' ? 0.5 : 0;
  return {
    inner,
    left: Math.floor((canvas.width - inner.width) * free),
    top: Math.floor((canvas.height - inner.height) * free),
    canvas: { width: canvas.width, height: canvas.height },
    scaleX: inner.width / picture.width,
    scaleY: inner.height / picture.height,
  };
}

function innerSize(picture: Size, canvas: Size, { fit, enlarge = true, short = 0 }: Fit): Size {
  const [x, y] = [canvas.width / picture.width, canvas.height / picture.height];
  if (fit === 'stretch') return { width: canvas.width, height: canvas.height };
  if (fit === 'crop') {
    const ratio = Math.max(x, y, short / Math.min(picture.width, picture.height));
    return { width: Math.round(picture.width * ratio), height: Math.round(picture.height * ratio) };
  }
  const ratio = Math.min(x, y, enlarge ? Infinity : 1);
  const side = (length: number, limit: number): number => Math.max(1, Math.min(limit, Math.round(length * ratio)));
  return { width: side(picture.width, canvas.width), height: side(picture.height, canvas.height) };
}

/** A point of the canvas → the picture. */
export function toPicture(placement: Placement, x: number, y: number): { readonly x: number; readonly y: number } {
  return { x: (x - placement.left) / placement.scaleX, y: (y - placement.top) / placement.scaleY };
}

/** Feeds for a graph that places a picture: `innerSize` int64 `[2]` (h, w) and `margins` int64 `[4]` (top, left, bottom, right). */
export function placementFeeds(placement: Placement): Readonly<Record<'innerSize' | 'margins', InlineTensor>> {
  const { inner, left, top, canvas } = placement;
  const margins = [top, left, canvas.height - top - inner.height, canvas.width - left - inner.width];
  return {
    innerSize: inlineTensor('int64', [2], BigInt64Array.of(BigInt(inner.height), BigInt(inner.width))),
    margins: inlineTensor('int64', [4], BigInt64Array.from(margins, BigInt)),
  };
}

/** The smallest size of at least one step whose sides are multiples of `multiple`, nearest to the picture's at most `longest` long. */
export function sizeInSteps(picture: Size, multiple: number, longest: number): Size {
  const ratio = Math.min(1, longest / Math.max(picture.width, picture.height));
  const side = (length: number): number => Math.max(multiple, Math.round((length * ratio) / multiple) * multiple);
  return { width: side(picture.width), height: side(picture.height) };
}
