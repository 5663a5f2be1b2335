import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { presetsFolder } from '../../config/presets-folder.js';

describe('presetsFolder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitascope-package-'));
    await mkdir(join(root, 'config', 'presets'), { recursive: true });
    await mkdir(join(root, 'dist', 'config'), { recursive: true });
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each([
    ['the source tree', ['config', 'presets-folder.ts']],
    ['the compiled package', ['dist', 'config', 'presets-folder.js']],
  ])('is found from %s', (_, path) => {
    expect(presetsFolder(pathToFileURL(join(root, ...path)))).toBe(join(root, 'config', 'presets') + sep);
  });
});
