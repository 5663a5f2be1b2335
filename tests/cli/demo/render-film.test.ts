import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FilmLook } from '../../../cli/demo/film-look.js';
import { demoFilm, renderDemoFilm } from '../../../cli/demo/render-film.js';
import type { Panorama } from '../../../cli/demo/scenes.js';
import { look } from '../../fixtures/look.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitascope-'));
});
afterEach(() => rm(folder, { recursive: true }));

function difference(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  if (a === undefined || b === undefined) throw new Error('a frame is missing');
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

describe('renderDemoFilm', () => {
  it('renders a black-and-white film with sound and one hard cut', { timeout: 120_000 }, async () => {
    const path = join(folder, 'film.mp4');
    const progress: number[] = [];
    await renderDemoFilm(path, { onProgress: (done) => progress.push(done) });
    expect(progress).toHaveLength(demoFilm.frames);
    expect(progress.at(-1)).toBe(1);
    const [video, audio] = look(path).streams;
    expect(video?.frames).toHaveLength(demoFilm.frames);
    expect(video?.frames[0]).toMatchObject({ width: 640, height: 480, format: 'yuv420p' });
    expect(video?.frames.every(({ planeMeans }) => planeMeans[1] === 128 && planeMeans[2] === 128)).toBe(true);
    const steps = video?.frames.slice(1).map((frame, i) => difference(video.frames[i]?.luma, frame.luma)) ?? [];
    expect(steps.filter((step) => step > 25)).toHaveLength(1);
    expect(audio?.frames.at(-1)?.timeUs).toBeGreaterThan(8_900_000);
  });

  it('stops on request and leaves no file', async () => {
    const path = join(folder, 'film.mp4');
    const rendering = renderDemoFilm(path, { signal: AbortSignal.abort() });
    await expect(rendering).rejects.toMatchObject({ code: 'ABORTED' });
    expect(existsSync(path)).toBe(false);
  });
});

describe('FilmLook', () => {
  const flat: Panorama = { width: 80, height: 60, pixels: new Float32Array(80 * 60).fill(0.5) };
  const frames = (seed: number) => {
    const film = new FilmLook({ width: 64, height: 48, seed });
    return [0, 1, 2].map((i) => film.expose(flat, 4, 4, i));
  };

  it('gives the same film for the same seed, and another one for another', () => {
    expect(frames(1)).toEqual(frames(1));
    expect(frames(1)).not.toEqual(frames(2));
  });

  it('lays different grain over every frame of a still scene', () => {
    const [first, second] = frames(1);
    expect(difference(first, second)).toBeGreaterThan(1);
  });
});
