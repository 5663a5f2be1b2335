import { describe, expect, it, vi } from 'vitest';
import type { DoctorReport } from '../../../cli/doctor/report.js';
import { codeBlocks, readPage } from '../../docs/pages.js';
import { startCli } from '../../helpers/cli.js';
import { workspace } from '../../helpers/workspace.js';
import { report as stub } from './report-stub.js';

/** The shape of a value: its keys, sorted, and what is below them; lists by their first element. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [keysOf(value[0])];
  if (typeof value !== 'object' || value === null) return true;
  return Object.fromEntries(Object.entries(value).map(([key, below]) => [key, keysOf(below)]));
}

describe('vitascope doctor', () => {
  const path = workspace();

  /** On a machine without devices and with an empty cache, whatever this one has. */
  async function doctor(args: string[], environment: Readonly<Record<string, string>> = {}) {
    vi.stubEnv('XDG_CACHE_HOME', path('cache'));
    vi.stubEnv('VITASCOPE_MODELS', path('models'));
    vi.stubEnv('VK_ICD_FILENAMES', '');
    vi.stubEnv('FFMPEG_PATH', path('no-ffmpeg'));
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    return await startCli(['doctor', ...args]);
  }

  it('says that what is essential works here', async () => {
    const { code, stdout, stderr } = await doctor([]);
    expect([code, stderr]).toEqual([0, '']);
    for (const section of ['System', 'Media', 'Models', 'GPU', 'Folders'])
      expect(stdout).toMatch(new RegExp(`^${section}$`, 'm'));
    expect(stdout).toMatch(/✓ FFmpeg .* in process/);
    expect(stdout).toMatch(/✓ CPU: works, .* ms a run/);
    expect(stdout).toContain(`– no ${path('no-ffmpeg')} for --engine external`);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('✓ everything essential works');
  });

  it('prints JSON of a stable shape', async () => {
    const { code, stdout } = await doctor(['--json'], { VITASCOPE_MODEL_MIRROR: 'https://models.example/mirror/' });
    const report = JSON.parse(stdout) as DoctorReport;
    expect(code).toBe(0);
    expect(report).toMatchObject({
      ok: true,
      problems: [],
      modelCache: { models: 0, bytes: 0, mirror: 'https://models.example/mirror', folder: path('models') },
    });
    expect(Object.keys(report)).toEqual(Object.keys(stub));
    for (const key of ['system', 'folders', 'modelCache'] as const)
      expect(keysOf(report[key])).toEqual(keysOf(stub[key]));
    expect(Object.keys(report.inference)).toEqual(Object.keys(stub.inference));
    expect(report.inference.providers.map(({ provider }) => provider)).toEqual([
      'tensorrt',
      'cuda',
      'coreml',
      'dml',
      'webgpu',
      'cpu',
    ]);
    for (const p of report.inference.providers)
      expect(Object.keys(p).sort()).toEqual(Object.keys(stub.inference.providers[0] ?? {}).sort());
    expect(report.inference.backends).toContainEqual({ name: 'cpu', bundled: true });
  });

  it.runIf(process.platform === 'linux')('fails when a folder that is needed cannot be written', async () => {
    const { code, stdout } = await doctor([], { VITASCOPE_MODELS: '/proc/models' });
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('✗ the folder for models, /proc/models, cannot be written');
  });

  it('refuses a time that is none', async () => {
    expect(await doctor(['--timeout', 'soon'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('above 0, got "soon"'),
    });
  });

  it('has its JSON described, key by key', () => {
    const block = codeBlocks(readPage('docs/gpu.md')).find(({ language }) => language === 'json')?.code ?? '{}';
    const shown = JSON.parse(block) as DoctorReport;
    expect(Object.keys(shown)).toEqual(Object.keys(stub));
    expect(keysOf(shown.inference.providers[0])).toEqual(keysOf(stub.inference.providers[0]));
  });
});

describe('vitascope process --provider', () => {
  const path = workspace();

  it.runIf(process.platform === 'linux')(
    'fails at once, and says what to install, where the provider is not there',
    async () => {
      const { code, stderr } = await startCli(['process', 'none.mkv', '-o', path('out.mkv'), '--provider', 'cuda']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/provider cuda .*npm rebuild onnxruntime-node.*\[PROVIDER_UNAVAILABLE\]/);
    },
  );

  it('knows no other names', async () => {
    const { code, stderr } = await startCli(['process', 'none.mkv', '-o', path('out.mkv'), '--provider', 'rocm']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('Allowed choices are auto, tensorrt, cuda')]);
  });
});
