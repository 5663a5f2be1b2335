import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { frameOf } from '../../../../bench/quality/text/plane-picture.js';
import { textModelFinder } from '../../../../bench/quality/text/text-models.js';
import { openTextPipeline, type TextPipeline } from '../../../../bench/quality/text/text-reader.js';
import { verticalFigures } from '../../../../bench/quality/text/vertical-section.js';
import { cutSign, directions, drawVerticalSign } from '../../../../bench/quality/text/vertical-signs.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { embeddedFolder } from '../../../../models/model-source.js';
import { boundsOf, quadOverlap } from '../../../../operators/text/quad-math.js';
import { FramePool } from '../../../../pipeline/frame-pool.js';
import { workspace } from '../../../helpers/workspace.js';

const folder = embeddedFolder();
const networks = { detector: 'text-detect-small', reader: 'text-read-latin' };
const haveBoth =
  folder !== undefined && Object.values(networks).every((id) => existsSync(join(folder, id, 'model.json')));
/** HOTEL, 44 pixels, on a board. */
const SIGN = 72;

describe('signs in all directions', () => {
  it.each(directions)('hang in the middle of the picture (%s)', async (direction) => {
    const { quad, picture } = await drawVerticalSign(SIGN, direction, []);
    const [left, top, right, bottom] = boundsOf(quad);
    expect((left + right) / 2).toBeCloseTo(picture.width / 2, -1);
    const isHigh = direction !== 'upright' && direction !== 'upside-down';
    expect(bottom - top > right - left).toBe(isHigh);
  });

  it('are cut out as large as they are asked for', async () => {
    const sign = await drawVerticalSign(SIGN, 'stacked', []);
    const [left, top, right, bottom] = boundsOf(sign.quad);
    const cut = cutSign(sign, 22, 0);
    expect(cut.width).toBe(Math.ceil((right - left) / 2));
    expect(cut.height).toBe(Math.ceil((bottom - top) / 2));
  });
});

describe('figures of directions', () => {
  const inFolder = workspace();

  it('say which model is not there', async () => {
    vi.stubEnv('VITASCOPE_MODELS', inFolder('models'));
    const { markdown, notes } = await verticalFigures({
      ...{ shared: inFolder('shared'), detector: 'no-detector', reader: 'no-reader', progress: () => undefined },
      ...{ peerDetector: '', peerReader: '', mostScenes: 5, mostLines: 1 },
    });
    vi.unstubAllEnvs();
    expect(markdown).toBe('');
    expect(notes).toEqual([expect.stringContaining('Skipped')]);
  });
});

// Needs models/embedded/text-detect-small and text-read-latin.
describe.skipIf(!haveBoth)('the networks of the package', { timeout: 120_000 }, () => {
  const pool = new InferencePool({ workers: 1 });
  let pipeline: TextPipeline;
  beforeAll(async () => {
    pipeline = await openTextPipeline(networks, textModelFinder('no-such-folder'), pool);
  });
  afterAll(async () => {
    await pipeline[Symbol.asyncDispose]();
    await pool.dispose();
  });

  it.each(directions)('find and read a sign that hangs %s', async (direction) => {
    const sign = await drawVerticalSign(SIGN, direction, []);
    const frame = frameOf(sign.picture, new FramePool({ slots: 1, name: 'sign' }));
    const { lines } = await pipeline.look(frame);
    frame.close();
    expect(lines.map(({ text }) => text.replace('.', ''))).toEqual(['HOTEL']);
    expect(quadOverlap(lines[0]?.quad ?? sign.quad, sign.quad)).toBeGreaterThan(0.5);
  });
});
