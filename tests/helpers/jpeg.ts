/** Pixels of a JPEG, from its frame header (ISO/IEC 10918-1, B.2.2). */
export function jpegSize(jpeg: Buffer | undefined): { width: number; height: number } {
  if (jpeg?.readUInt16BE(0) !== 0xffd8) throw new Error('not a JPEG');
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2)) {
    const marker = jpeg.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) {
      return { width: jpeg.readUInt16BE(at + 7), height: jpeg.readUInt16BE(at + 5) };
    }
  }
  throw new Error('a JPEG without a frame');
}
