import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { InferencePool } from '../../../models/inference-pool.js';
import { type ColorizeOptions, colorize } from '../../../operators/colorize/colorize.js';
import { unspecifiedColor } from '../../../pipeline/picture.js';
import { collect } from '../../helpers/frames.js';
import { madeUpNetworks } from '../../models/adapters/colorize/made-up-networks.js';
import { TinyLibrary } from '../image/tiny-models.js';
import { balancedLedger, copyPlane, film, picture } from './pictures.js';

const library = new TinyLibrary({
  ddcolor: {
    task: 'colorize',
    family: 'ddcolor',
    adapter: { range: [0, 1], size: [128, 128], multipleOf: 64, sizeRange: [64, 256] },
    bytes: madeUpNetworks.ddcolor(),
  },
  eccv16: { task: 'colorize', family: 'eccv16', bytes: madeUpNetworks.eccv16() },
  style: { task: 'stylize', bytes: madeUpNetworks.ddcolor() },
});
let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 2, intraOpThreads: 1 });
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await pool.dispose();
  await library.remove();
});

const grey = { luma: () => 0.5, color: { ...unspecifiedColor, range: 'pc' as const } };

/** Mean chroma of the last of three pictures, in full-range BT.601 codes off neutral. */
async function colors(options: ColorizeOptions): Promise<readonly number[]> {
  let seen: readonly number[] = [];
  const frames = film(3, () => grey);
  const { error } = await collect(frames.pipe(colorize({ pool, library, ...options })), ({ frame }) => {
    const expected = picture(0, grey);
    expect(copyPlane(frame, 0)).toEqual(copyPlane(expected, 0));
    expected.close();
    seen = [1, 2].map((plane) => mean(copyPlane(frame, plane as 1 | 2)) - 128);
  });
  if (error !== undefined) throw error;
  return seen;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('colorize with a model of the library', () => {
  it('paints what the network says', () =>
    balancedLedger(async () => {
      // a = 80 · 0.502 − 30, b = 40 − 90 · 0.502 on L* = 53.6: R′G′B′ 0.556, 0.480, 0.538 by CIE and sRGB.
      const [cb, cr] = await colors({ model: 'ddcolor' });
      expect(cb).toBeCloseTo(4.05, 0);
      expect(cr).toBeCloseTo(8.49, 0);
    }));

  it('takes its own saturation for that of the embedded model', async () => {
    const [plain = 0] = await colors({ model: 'eccv16' });
    const [strong = 0] = await colors({ model: 'eccv16', saturation: 2 });
    expect(Math.abs(strong / plain - 2)).toBeLessThan(0.15);
  });

  it('carries colours along where the network looks at every other picture only', async () => {
    const [cb] = await colors({ model: 'ddcolor', every: 2 });
    expect(cb).toBeCloseTo(4.05, 0);
  });

  it('shows the network more where more detail is wanted', () =>
    balancedLedger(async () => {
      expect(await colors({ model: 'ddcolor', detail: 256 })).toEqual(await colors({ model: 'ddcolor', detail: 64 }));
    }));

  it('fails for a model of another task, and leaks nothing', () =>
    balancedLedger(async () => {
      await expect(colors({ model: 'style' })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }));

  it('says how to get a model that is not on this machine, before anything runs', () => {
    vi.stubEnv('VITASCOPE_MODELS', '/no/such/folder');
    expect(() => colorize({ model: 'ddcolor-tiny-fp32' })).toThrow(
      expect.objectContaining({
        code: 'MODEL_NOT_FOUND',
        message: expect.stringContaining('vitascope models pull ddcolor-tiny-fp32'),
      }),
    );
  });
});
