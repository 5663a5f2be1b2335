import { describe, expect, it } from 'vitest';
import { type ColorEvidence, colorEvidence } from '../../../operators/colorize/color-spread.js';
import { sampleGrid } from '../../../operators/colorize/sample-grid.js';
import { pixelFormats } from '../../../pipeline/picture.js';
import { type Chroma, noChroma, noise, type PictureOptions, picture, sepia, trueColors } from './pictures.js';

function evidence(options: PictureOptions): ColorEvidence | undefined {
  const frame = picture(0, options);
  try {
    return colorEvidence(sampleGrid(frame));
  } finally {
    frame.close();
  }
}

function withNoise(chroma: Chroma, amplitude: number): Chroma {
  const next = noise(3);
  return (x, y, luma) => {
    const [cb, cr] = chroma(x, y, luma);
    return [cb + amplitude * next(), cr + amplitude * next()];
  };
}

describe('colorEvidence', () => {
  it('sees that grey is neutral', () => {
    expect(evidence({ chroma: noChroma })).toMatchObject({ chroma: 0, spread: 0 });
  });

  it('does not take noise in the chroma for colour', () => {
    expect(evidence({ chroma: withNoise(noChroma, 12) })?.spread).toBeLessThan(0.8);
  });

  it('does not take a tint for colour, nor a noisy one', () => {
    expect(evidence({ chroma: sepia })?.spread).toBeLessThan(1);
    expect(evidence({ chroma: withNoise(sepia, 12) })?.spread).toBeLessThan(1.2);
    expect(evidence({ chroma: () => [12, -20] })?.spread).toBeLessThan(0.5);
  });

  it.each(pixelFormats)('sees true colours in %s, and measures them in 8-bit codes', (pixelFormat) => {
    const spread = evidence({ chroma: trueColors, pixelFormat })?.spread as number;
    expect(spread).toBeGreaterThan(4);
    expect(spread).toBeLessThan(20);
  });

  it('says nothing of pictures that are nearly black or nearly white', () => {
    expect(evidence({ luma: () => 0.03 })).toBeUndefined();
    expect(evidence({ luma: () => 0.99 })).toBeUndefined();
  });

  it('copes with a flat picture', () => {
    expect(evidence({ luma: () => 0.5, chroma: () => [20, 20] })?.spread).toBeLessThan(0.01);
  });
});
