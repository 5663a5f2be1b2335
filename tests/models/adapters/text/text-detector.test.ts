import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Quad } from '../../../../models/adapters/text/quad.js';
import { openTextDetector, type TextBox } from '../../../../models/adapters/text/text-detector.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { failure } from '../../helpers.js';
import { overlap } from './overlap.js';
import { realDetector, realFiles, realOrientation } from './parameters-of-models.js';
import { haveShared, shared, still, widened } from './stills.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const available = haveShared(realFiles.detector, 'data/text/images');
let pool: InferencePool;

beforeAll(() => {
  pool = new InferencePool({ workers: 1, intraOpThreads: 2 });
});

afterAll(() => pool.dispose());

describe.skipIf(!available)(`PP-OCRv3${available ? '' : ' (needs ../shared/weights and ../shared/data)'}`, () => {
  it('finds the boxes that OpenCV finds in the map of the same network', async () => {
    const file = new URL('expected-boxes.json', import.meta.url);
    const expected = JSON.parse(await readFile(file, 'utf8')) as Record<string, TextBox[]>;
    await using detector = await openTextDetector(realDetector(), pool);
    const best: number[] = [];
    let found = 0;
    for (const [name, boxes] of Object.entries(expected)) {
      const frame = await still(shared('data/text', name));
      const ours = await detector.detect(frame);
      frame.close();
      found += ours.length;
      for (const { quad } of boxes) best.push(Math.max(0, ...ours.map((box) => overlap(box.quad, quad))));
    }
    expect(Math.abs(found - best.length)).toBeLessThanOrEqual(0.02 * best.length);
    expect(best.filter((iou) => iou > 0.8).length / best.length).toBeGreaterThanOrEqual(0.97);
    expect(best.reduce((a, b) => a + b, 0) / best.length).toBeGreaterThan(0.95);
  });

  it('finds the same in ten bits', async () => {
    await using detector = await openTextDetector(realDetector(), pool);
    const frame = await still(shared('data/text/images/rapidocr_en_rec.jpg'));
    const eight = await detector.detect(frame);
    const wide = widened(frame);
    const ten = await detector.detect(wide);
    wide.close();
    expect(ten).toHaveLength(eight.length);
    for (const [i, { quad }] of eight.entries()) expect(overlap(quad, ten[i]?.quad as Quad)).toBeGreaterThan(0.95);
    frame.close();
  });

  it('drops boxes below a score, and looks closer when asked to', async () => {
    await using detector = await openTextDetector(realDetector(), pool);
    const frame = await still(shared('data/text/images/easyocr_english.png'));
    expect((await detector.detect(frame, { minScore: 0.999 })).length).toBe(0);
    const coarse = await detector.detect(frame, { longestSide: 160 });
    expect(coarse.length).toBeLessThan((await detector.detect(frame)).length);
    frame.close();
  });

  it('stops at a signal', async () => {
    await using detector = await openTextDetector(realDetector(), pool);
    const frame = await still(shared('data/text/images/rapidocr_en_rec.jpg'));
    const reason = new Error('enough');
    expect(await failure(detector.detect(frame, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    frame.close();
  });

  it('is not opened with a model of another family', async () => {
    expect(await failure(openTextDetector(realOrientation(), pool))).toMatchObject({ code: 'MODEL_INVALID' });
  });
});
