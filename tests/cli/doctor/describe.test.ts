import { describe, expect, it } from 'vitest';
import { describeReport } from '../../../cli/doctor/describe.js';
import { essentialProblems } from '../../../cli/doctor/examine.js';
import { describeAssessment } from '../../../cli/doctor/inference.js';
import { featuresOf } from '../../../cli/doctor/system.js';
import { provider, report } from './report-stub.js';

describe('the words of the doctor', () => {
  const lines = describeReport(report).split('\n');

  it('come in sections, and end with a verdict', () => {
    expect(lines.filter((line) => /^\S/.test(line))).toEqual([
      'System',
      'Media',
      'Models',
      'GPU',
      'Folders',
      '✓ everything essential works',
    ]);
  });

  it('mark what works, what fails and what is not there, with what can be done', () => {
    expect(lines).toContain('  ✗ CUDA: the library libcudnn.so.9 cannot be found');
    expect(lines[lines.indexOf('  ✗ CUDA: the library libcudnn.so.9 cannot be found') + 1]).toBe(
      '      → install cuDNN 9',
    );
    expect(lines).toContain('  – CoreML: macOS only');
    expect(lines).toContain('  ✓ WebGPU: works, 3.2 ms a run where the CPU takes 12.3 ms; largest difference 0.012 %');
    expect(lines).toContain('  ✓ CPU: works, 12.3 ms a run');
    expect(lines).toContain('  ✓ ONNX Runtime 1.30.0; --provider auto takes webgpu for colorize-small');
  });

  it('name encoders that work, and give each reason once', () => {
    expect(lines).toContain('  ✓ hardware encoders: h264_vaapi');
    expect(lines.filter((line) => line.includes('nvenc'))).toEqual([
      '  – hardware encoders …_nvenc: Cannot load libcuda.so.1',
    ]);
  });

  it('warn of little room', () => {
    expect(lines[lines.indexOf('  ✓ this folder: /films, 1.0 GB free') + 1]).toContain('→ little room for films');
  });

  it('end with what essential thing fails', () => {
    const text = describeReport({ ...report, ok: false, problems: ['models do not run on the CPU: no memory'] });
    expect(text.split('\n').at(-1)).toBe('✗ models do not run on the CPU: no memory');
  });
});

describe('what is essential', () => {
  const { media, inference, folders } = report;

  it('works on the example', () => {
    expect(essentialProblems(media, inference, folders)).toEqual([]);
  });

  it('is FFmpeg, the CPU, and folders for temporary files and models', () => {
    const dead = provider({ works: false, refusal: { kind: 'error', reason: 'it does not load' } });
    const readOnly = folders.map((folder) => ({ ...folder, writable: false }));
    expect(
      essentialProblems({ ffmpeg: { works: false, reason: 'it cannot encode' } }, { providers: [dead] }, readOnly),
    ).toEqual([
      'the bundled FFmpeg does not work: it cannot encode',
      'models do not run on the CPU: it does not load',
      'the folder for temporary files, /tmp, cannot be written',
      'the folder for models, /cache, cannot be written',
    ]);
  });
});

describe('an assessment in the report', () => {
  it('works although it is slower, and says that auto passes over it', () => {
    const proof = { maxError: 0.001, ms: 4000, atLeast: true, cpuMs: 20, firstMs: 9000, sessionMs: 1 };
    expect(describeAssessment({ provider: 'webgpu', proof })).toMatchObject({
      works: true,
      refusal: { kind: 'slower', reason: expect.stringContaining('more than 4000 ms where the CPU takes 20.0 ms') },
      ms: 4000,
      atLeast: true,
    });
  });
});

describe('the vector units of a processor', () => {
  it('are read from what Linux tells', () => {
    expect(featuresOf('model name\t: X\nflags\t\t: fpu sse2 avx2 avx512f amx_tile\n')).toEqual([
      'avx2',
      'avx512f',
      'amx_tile',
    ]);
    expect(featuresOf('Features\t: fp asimd i8mm sve\n')).toEqual(['asimd', 'i8mm', 'sve']);
    expect(featuresOf('nothing of the kind')).toBeNull();
  });
});
