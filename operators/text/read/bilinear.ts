/** The value of a plane between its samples. @param x, y Samples from the centre of the first, within the plane. */
export function bilinear(plane: Uint8Array | Uint16Array, width: number, height: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
  const [fx, fy] = [x - left, y - top];
  const upper = (plane[top * width + left] as number) * (1 - fx) + (plane[top * width + right] as number) * fx;
  const lower = (plane[bottom * width + left] as number) * (1 - fx) + (plane[bottom * width + right] as number) * fx;
  return upper * (1 - fy) + lower * fy;
}
