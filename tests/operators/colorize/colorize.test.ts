import type { Observable } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferencePool } from '../../../models/inference-pool.js';
import type { LoadedModel } from '../../../models/loaded-model.js';
import { type ColorizeOptions, colorize } from '../../../operators/colorize/colorize.js';
import { findModelFolder } from '../../../operators/colorize/model-folder.js';
import { tapFrames } from '../../../pipeline/frames/tap-frames.js';
import { pixelFormats, unspecifiedColor } from '../../../pipeline/picture.js';
import type { VideoSample } from '../../../pipeline/sample.js';
import type { VideoFrame } from '../../../pipeline/video-frame.js';
import { itKeepsTheFrameOperatorLaws } from '../../helpers/frame-operator-laws.js';
import { collect } from '../../helpers/frames.js';
import {
  balancedLedger,
  chromaChange,
  copyPlane,
  film,
  grainy,
  holdFrames,
  type Luma,
  landscape,
  meanChroma,
  type PictureOptions,
  picture,
  sepia,
  stage,
  trueColors,
} from './pictures.js';

let pool: InferencePool;
/** Held so that its figures outlive the operators, and so that each need not load it anew. */
let network: LoadedModel;

beforeAll(async () => {
  pool = new InferencePool({ workers: 2, intraOpThreads: 1 });
  network = await pool.load(findModelFolder('colorize-small').source('model.onnx'));
});
afterAll(() => pool.dispose());

function operator(options: ColorizeOptions = {}): (source: Observable<VideoSample>) => Observable<VideoSample> {
  return colorize({ pool, detail: 64, ...options });
}

/** Runs a film through the operator and looks at each frame before it is closed; what a look throws is thrown here. */
async function run<T>(
  frames: Observable<VideoSample>,
  options: ColorizeOptions,
  look: (frame: VideoFrame) => T,
): Promise<T[]> {
  const seen: T[] = [];
  const failures: unknown[] = [];
  const { error } = await collect(operator(options)(frames), ({ frame }) => {
    try {
      seen.push(look(frame));
    } catch (failure) {
      failures.push(failure);
    }
  });
  for (const failure of [error, ...failures]) if (failure !== undefined) throw failure;
  return seen;
}

async function colorOne<T>(
  picture: PictureOptions,
  options: ColorizeOptions,
  look: (frame: VideoFrame) => T,
): Promise<T> {
  return (
    await run(
      film(1, () => picture),
      options,
      look,
    )
  )[0] as T;
}

const chroma = (frame: VideoFrame): readonly (readonly number[])[] => [copyPlane(frame, 1), copyPlane(frame, 2)];

describe('colorize', () => {
  itKeepsTheFrameOperatorLaws({ apply: (source) => operator()(source), synchronous: false });

  it.each(pixelFormats)('leaves luma alone bit for bit and gives grey %s colours', async (pixelFormat) => {
    const given: PictureOptions = { pixelFormat, luma: grainy(landscape, 0.02, 1) };
    const expected = picture(0, { ...given, luma: grainy(landscape, 0.02, 1) });
    const unit = expected.bitDepth === 8 ? 1 : 4;
    await colorOne(given, {}, (frame) => {
      expect(copyPlane(frame, 0)).toEqual(copyPlane(expected, 0));
      expect(meanChroma(frame) / unit).toBeGreaterThan(2);
      expect(meanChroma(frame) / unit).toBeLessThan(40);
    });
    expected.close();
  });

  it.each(['yuv420p', 'yuv422p', 'yuv444p10'] as const)('takes odd sizes in %s', async (pixelFormat) => {
    await colorOne({ pixelFormat, width: 101, height: 67 }, {}, (frame) => {
      expect(meanChroma(frame)).toBeGreaterThan(2);
    });
  });

  it('takes tiny pictures', async () => {
    await colorOne({ width: 1, height: 1 }, { when: 'always' }, (frame) => expect(frame.plane(1)).toHaveLength(1));
  });

  it('gives full-range pictures more codes of the same colours than limited ones', async () => {
    const of = (range: 'tv' | 'pc') =>
      colorOne({ color: { ...unspecifiedColor, range } }, {}, (frame) => meanChroma(frame));
    const ratio = (await of('pc')) / (await of('tv'));
    expect(ratio).toBeGreaterThan(1.07);
    expect(ratio).toBeLessThan(1.2);
  });

  it('writes BT.709 chroma into pictures that are tagged so', async () => {
    const of = (matrix: number) =>
      colorOne({ color: { ...unspecifiedColor, matrix } }, {}, (frame) => meanChroma(frame));
    const ratio = (await of(1)) / (await of(6));
    expect(ratio).toBeGreaterThan(0.86);
    expect(ratio).toBeLessThan(0.98);
  });

  it('lets film in colour pass untouched, and runs no model on it', async () => {
    const before = network.metrics().runs;
    const expected = picture(0, { chroma: trueColors });
    await run(
      film(5, () => ({ chroma: trueColors })),
      {},
      (frame) => {
        expect(chroma(frame)).toEqual(chroma(expected));
      },
    );
    expect(network.metrics().runs).toBe(before);
    expected.close();
  });

  it('replaces true colours when it is told to', async () => {
    const expected = picture(0, { chroma: trueColors });
    await colorOne({ chroma: trueColors }, { when: 'always' }, (frame) => {
      expect(chroma(frame)).not.toEqual(chroma(expected));
    });
    expected.close();
  });

  it('treats sepia as black and white: the tint makes no difference', async () => {
    const grey = await colorOne({}, {}, chroma);
    expect(await colorOne({ chroma: sepia }, {}, chroma)).toEqual(grey);
  });

  it('colours the black-and-white shots of a film that has both, and only those', async () => {
    const shots: PictureOptions[] = [{ luma: stage }, { luma: landscape, chroma: trueColors }];
    const shotAt = (index: number): PictureOptions => shots[Math.floor(index / 3) % 2] as PictureOptions;
    const expected = picture(0, shots[1]);
    const untouched = await run(
      film(12, shotAt),
      {},
      (frame) => JSON.stringify(chroma(frame)) === JSON.stringify(chroma(expected)),
    );
    expect(untouched).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => Math.floor(i / 3) % 2 === 1));
    expected.close();
  });

  it('keeps letter-box bars neutral and colours the picture between them', async () => {
    const boxed: Luma = (x, y) => (y < 0.15 || y > 0.85 ? 0 : landscape(x, (y - 0.15) / 0.7));
    await colorOne({ luma: boxed }, {}, (frame) => {
      expect(meanChroma(frame, 0, 0.12)).toBe(0);
      expect(meanChroma(frame, 0.88, 1)).toBe(0);
      expect(meanChroma(frame, 0.2, 0.8)).toBeGreaterThan(2);
    });
  });

  it('keeps the original chroma at strength 0, without a model', async () => {
    const before = network.metrics().runs;
    const expected = picture(0, { chroma: sepia });
    await colorOne({ chroma: sepia }, { strength: 0 }, (frame) => expect(chroma(frame)).toEqual(chroma(expected)));
    expect(network.metrics().runs).toBe(before);
    expected.close();
  });

  it('is half-way between the original and the new chroma at strength 0.5', async () => {
    const original = await colorOne({ chroma: sepia }, { strength: 0 }, chroma);
    const whole = await colorOne({ chroma: sepia }, {}, chroma);
    const middle = [0, 1].map((plane) =>
      (whole[plane] as number[]).map((value, i) => (value + ((original[plane] as number[])[i] as number)) / 2),
    );
    const half = await colorOne({ chroma: sepia }, { strength: 0.5 }, chroma);
    expect(chromaChange(half, middle)).toBeLessThan(0.6);
    expect(chromaChange(half, whole)).toBeGreaterThan(2);
  });

  it('multiplies the colours by the saturation', async () => {
    const ratio =
      (await colorOne({}, { saturation: 1 }, (f) => meanChroma(f))) /
      (await colorOne({}, { saturation: 0.5 }, (f) => meanChroma(f)));
    expect(ratio).toBeGreaterThan(1.8);
    expect(ratio).toBeLessThan(2.2);
    expect(await colorOne({}, { saturation: 0 }, (f) => meanChroma(f))).toBe(0);
  });

  it('runs the network on a quarter of the frames at every: 4, and still colours all', async () => {
    const before = network.metrics().runs;
    const pan = (index: number): PictureOptions => ({ luma: (x, y) => landscape(x + index * 0.005, y) });
    const colorful = await run(film(16, pan), { every: 4 }, (frame) => meanChroma(frame));
    expect(network.metrics().runs - before).toBe(4);
    expect(Math.min(...colorful)).toBeGreaterThan(0.7 * Math.max(...colorful));
  });

  it('passes over frames while the network is at work at every: auto, and still colours all', async () => {
    const before = network.metrics().runs;
    const pan = (index: number): PictureOptions => ({ luma: (x, y) => landscape(x + index * 0.005, y) });
    const colorful = await run(film(16, pan), { every: 'auto' }, (frame) => meanChroma(frame));
    const looks = network.metrics().runs - before;
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(16);
    expect(Math.min(...colorful)).toBeGreaterThan(0.7 * Math.max(...colorful));
  });

  it('starts anew at a hard cut: nothing of the old colours shows', async () => {
    for (const every of [1, 8]) {
      const cut = (index: number): PictureOptions => ({ luma: index < 5 ? landscape : stage });
      const after = (await run(film(6, cut), { every }, chroma))[5];
      expect(after).toEqual(await colorOne({ luma: stage }, { every }, chroma));
    }
  });

  it('flickers less with stabilisation than without', async () => {
    const noisy = (index: number): PictureOptions => ({ luma: grainy(landscape, 0.12, index + 1) });
    const flicker = async (temporal: number): Promise<number> => {
      const frames = await run(film(10, noisy), { temporal }, chroma);
      const changes = frames.slice(1).map((frame, i) => chromaChange(frames[i] as never, frame));
      return changes.reduce((sum, change) => sum + change, 0);
    };
    expect(await flicker(0.9)).toBeLessThan(0.5 * (await flicker(0)));
  });

  it('follows a resolution that changes in mid-stream', async () => {
    const sizes = [96, 96, 64, 64].map((height) => ({ height }));
    const colorful = await run(
      film(4, (i) => sizes[i] as PictureOptions),
      {},
      (frame) => meanChroma(frame),
    );
    expect(Math.min(...colorful)).toBeGreaterThan(2);
  });

  it('writes into the frame itself where nobody else holds it', async () => {
    const given: VideoFrame[] = [];
    const source = film(2, () => ({})).pipe(tapFrames(({ frame }) => given.push(frame)));
    const taken = await run(source, {}, (frame) => frame);
    expect(taken.map((frame, i) => frame === given[i])).toEqual([true, true]);
  });

  it('writes into a copy of a frame that somebody else holds', () =>
    balancedLedger(async () => {
      const held: VideoFrame[] = [];
      const source = holdFrames(
        film(3, () => ({})),
        held,
      );
      const colorful = await run(source, {}, (frame) => meanChroma(frame));
      expect(Math.min(...colorful)).toBeGreaterThan(2);
      for (const frame of held) {
        expect(meanChroma(frame)).toBe(0);
        frame.close();
      }
    }));
});
