/**
 * A filter chain that fits pictures of any size into one, and passes those that have it untouched. Sides that are left over become black
 * borders; only where a side is odd the picture is stretched, as FFmpeg's `pad` paints over the last odd column and row.
 *
 * @param scaling More options of FFmpeg's `scale`.
 * @param format FFmpeg's pixel format of the result.
 */
export function fitInside(width: number, height: number, scaling: string, format: string): string {
  if (width % 2 !== 0 || height % 2 !== 0) return `scale=${width}:${height}:${scaling},format=${format}`;
  const scale = `scale=${width}:${height}:force_original_aspect_ratio=decrease:${scaling}`;
  return `${scale},format=${format},pad=${width}:${height}:-1:-1`;
}
