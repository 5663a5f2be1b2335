/** Part of a picture, luma pixels; `bottom` and `right` are exclusive. */
export interface PictureBox {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Part of one side of a picture, pixels; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function sameBox(a: PictureBox, b: PictureBox): boolean {
  return a.top === b.top && a.left === b.left && a.bottom === b.bottom && a.right === b.right;
}
