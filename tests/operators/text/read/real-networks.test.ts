import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openLineReader } from '../../../../models/adapters/text/line-reader.js';
import { openTextDetector } from '../../../../models/adapters/text/text-detector.js';
import { InferencePool } from '../../../../models/inference-pool.js';
import { readText } from '../../../../operators/text/read/read-text.js';
import type { SeenText, TextsMeta } from '../../../../operators/text/texts-meta.js';
import { openFile } from '../../../../streams/file/open-file.js';
import { collect, expectBalanced } from '../../../helpers/frames.js';
import { workspace } from '../../../helpers/workspace.js';
import { realDetector, realFiles, realTesseract } from '../../../models/adapters/text/parameters-of-models.js';
import { haveShared, shared } from '../../../models/adapters/text/stills.js';

const picture = 'data/text/images/easyocr_english.png';
const isThere = haveShared(realFiles.detector, realFiles.tesseract, picture) && hasFfmpeg();

// Needs PP-OCRv3, Tesseract's network, and a picture from ../shared, and an ffmpeg to make a film of it.
describe.skipIf(!isThere)('readText with public networks', { timeout: 240_000 }, () => {
  const file = workspace();
  const pool = new InferencePool({ workers: 1 });
  afterAll(() => pool.dispose());

  it('reads a poster that a camera pans over, and follows its lines', () =>
    expectBalanced(async () => {
      const path = file('pan.mp4');
      const pan = 'crop=640:360:2*n:n,noise=alls=8:allf=t,format=yuv420p';
      const source = ['-loop', '1', '-i', join(shared(picture)), '-vf', pan, '-frames:v', '11', '-r', '25'];
      execFileSync('ffmpeg', ['-v', 'error', ...source, '-c:v', 'libx264', '-crf', '16', path]);
      await using textDetector = await openTextDetector(realDetector(), pool);
      await using reader = await openLineReader(realTesseract('eng'), pool);
      const film = await openFile(path);
      const texts: (readonly SeenText[])[] = [];
      const { error } = await collect(
        film.video.pipe(readText({ pool, textDetector, lineReader: reader, every: 5 })),
        ({ meta }) => texts.push((meta as TextsMeta).texts),
      );
      expect(error).toBeUndefined();
      const lineOf = (seen: readonly SeenText[] = []) => seen.find(({ text }) => /cook meat and eggs/.test(text));
      const [first, last] = [lineOf(texts[0]), lineOf(texts[10])];
      expect(first?.id).toBe(last?.id);
      expect((first?.quad[0][0] ?? 0) - (last?.quad[0][0] ?? 0)).toBeCloseTo(20, -0.5);
      expect((first?.quad[0][1] ?? 0) - (last?.quad[0][1] ?? 0)).toBeCloseTo(10, -0.5);
      expect(new Set(texts.flatMap((seen) => seen.map(({ id }) => id))).size).toBeLessThan(16);
    }));
});

function hasFfmpeg(): boolean {
  try {
    execFileSync('ffmpeg', ['-version']);
    return true;
  } catch {
    return false;
  }
}
