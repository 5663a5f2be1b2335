/** Columns and rows of a picture. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** By the attached value itself, which operators pass on as it is however often they copy the metadata around it. */
const sizes = new WeakMap<object, PictureSize>();

/** Remembers the size of the picture that a result was attached to: places in the result are pixels of that picture, whatever size the frame has later. */
export function noteAttachedSize(result: unknown, { width, height }: PictureSize): void {
  if (typeof result === 'object' && result !== null) sizes.set(result, { width, height });
}

/** Size of the picture that a result was attached to with `attach`; nothing for other values. */
export function attachedSize(result: unknown): PictureSize | undefined {
  return typeof result === 'object' && result !== null ? sizes.get(result) : undefined;
}
