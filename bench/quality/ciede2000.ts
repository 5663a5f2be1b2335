/** A colour in CIE L*a*b*: L 0–100, a and b about −128…127. */
export type Lab = readonly [lightness: number, a: number, b: number];

const DEGREES = Math.PI / 180;
const POW25_7 = 25 ** 7;

/**
 * The CIEDE2000 colour difference; about 1 is just noticeable.
 *
 * @see Sharma, Wu and Dalal, The CIEDE2000 Color-Difference Formula: Implementation Notes, Supplementary Test Data, and Mathematical
 * Observations, 2005; the names are theirs.
 */
export function ciede2000(first: Lab, second: Lab): number {
  const [l1, a1, b1] = first;
  const [l2, a2, b2] = second;
  const g = 0.5 * (1 - highChroma((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [c1, h1] = polar(a1 * (1 + g), b1);
  const [c2, h2] = polar(a2 * (1 + g), b2);
  const deltaL = l2 - l1;
  const deltaC = c2 - c1;
  const deltaH = 2 * Math.sqrt(c1 * c2) * Math.sin((hueDifference(c1, h1, c2, h2) / 2) * DEGREES);
  const meanC = (c1 + c2) / 2;
  const meanH = meanHue(c1, h1, c2, h2);
  const lightness = ((l1 + l2) / 2 - 50) ** 2;
  const sl = 1 + (0.015 * lightness) / Math.sqrt(20 + lightness);
  const sc = 1 + 0.045 * meanC;
  const sh = 1 + 0.015 * meanC * hueWeight(meanH);
  const rotation = -Math.sin(60 * DEGREES * Math.exp(-(((meanH - 275) / 25) ** 2))) * 2 * highChroma(meanC);
  const [l, c, h] = [deltaL / sl, deltaC / sc, deltaH / sh];
  return Math.sqrt(l * l + c * c + h * h + rotation * c * h);
}

/** 0 for greys, towards 1 for saturated colours. */
function highChroma(chroma: number): number {
  const power = chroma ** 7;
  return Math.sqrt(power / (power + POW25_7));
}

function polar(a: number, b: number): [chroma: number, hue: number] {
  const hue = Math.atan2(b, a) / DEGREES;
  return [Math.hypot(a, b), hue < 0 ? hue + 360 : hue];
}

function hueDifference(c1: number, h1: number, c2: number, h2: number): number {
  if (c1 * c2 === 0) return 0;
  const difference = h2 - h1;
  if (difference > 180) return difference - 360;
  return difference < -180 ? difference + 360 : difference;
}

function meanHue(c1: number, h1: number, c2: number, h2: number): number {
  const sum = h1 + h2;
  if (c1 * c2 === 0) return sum;
  if (Math.abs(h1 - h2) <= 180) return sum / 2;
  return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
}

function hueWeight(hue: number): number {
  return (
    1 -
    0.17 * Math.cos((hue - 30) * DEGREES) +
    0.24 * Math.cos(2 * hue * DEGREES) +
    0.32 * Math.cos((3 * hue + 6) * DEGREES) -
    0.2 * Math.cos((4 * hue - 63) * DEGREES)
  );
}
