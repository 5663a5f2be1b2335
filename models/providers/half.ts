const floats = new Float32Array(1);
const words = new Uint32Array(floats.buffer);

/** The value of the raw 16 bits of an IEEE 754 half. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The raw 16 bits of the half nearest to `value`, ties away from zero; infinity when it is too large. */
export function toHalf(value: number): number {
  floats[0] = value;
  const word = words[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  const exponent = ((word >>> 23) & 0xff) - 112;
  // A carry out of the fraction rightly raises the exponent.
  return sign | ((exponent << 10) + (((word & 0x7fffff) + 0x1000) >> 13));
}
