/** Non-linear red, green and blue, 0–255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** Ratio of luminances below which text of usual size counts as hard to read. @see WCAG 2.2, success criterion 1.4.3 */
export const LEAST_CONTRAST = 4.5;

/** Ratio of luminances, 1–21. @see WCAG 2.2, definition of contrast ratio */
export function contrast(a: Rgb, b: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Black or white, whichever stands out more. */
export function opposite(ground: Rgb): Rgb {
  return contrast(BLACK, ground) >= contrast(WHITE, ground) ? BLACK : WHITE;
}

/** Ratio from which ink keeps being light on dark, or dark on light, as it was; an outline gives what lacks to {@link LEAST_CONTRAST}. */
const KEPT_CONTRAST = 2.2;

/** The ink, moved towards black or white as little as makes it readable on the ground: on the side where it is already, if it can be told from the ground there. */
export function readableInk(ink: Rgb, ground: Rgb): Rgb {
  const own = luminance(ink) >= luminance(ground) ? WHITE : BLACK;
  const goal = contrast(own, ground) >= KEPT_CONTRAST ? own : opposite(ground);
  for (let share = 0; share < 1; share += 0.05) {
    const moved = mix(ink, goal, share);
    const stays = goal === WHITE ? luminance(moved) > luminance(ground) : luminance(moved) < luminance(ground);
    if (stays && contrast(moved, ground) >= LEAST_CONTRAST) return moved;
  }
  return goal;
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  return [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share];
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(code: number): number {
  const value = Math.min(1, Math.max(0, code / 255));
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
