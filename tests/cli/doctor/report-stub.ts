import type { DoctorReport, ProviderReport } from '../../../cli/doctor/report.js';

export const provider = (parts: Partial<ProviderReport>): ProviderReport => ({
  provider: 'cpu',
  title: 'CPU',
  works: true,
  refusal: null,
  advice: null,
  ms: 12.3,
  atLeast: false,
  cpuMs: 12.3,
  maxError: 0,
  ...parts,
});

/** A report of a machine on which everything essential works. */
export const report: DoctorReport = {
  ok: true,
  problems: [],
  system: {
    vitascope: '0.1.0',
    node: '20.19.0',
    npm: '10.8.2',
    os: { platform: 'linux', arch: 'x64', release: '6.1' },
    cpu: { model: 'Example CPU', cores: 8, features: ['avx2', 'avx512f'] },
    memory: { totalBytes: 16e9, availableBytes: 8e9 },
  },
  media: {
    ffmpeg: {
      works: true,
      version: '8.1',
      licence: 'GPL version 3',
      decoders: 554,
      videoEncoders: ['libx264'],
      audioEncoders: ['aac'],
    },
    hardwareEncoders: [
      { encoder: 'h264_nvenc', works: false, reason: 'Cannot load libcuda.so.1' },
      { encoder: 'hevc_nvenc', works: false, reason: 'Cannot load libcuda.so.1' },
      { encoder: 'h264_vaapi', works: true, reason: undefined },
    ],
    external: { works: false, path: 'ffmpeg', reason: 'it is not in the search path, or does not run' },
  },
  inference: {
    runtime: '1.30.0',
    backends: [{ name: 'cpu', bundled: true }],
    model: 'colorize-small',
    providers: [
      provider({
        provider: 'cuda',
        title: 'CUDA',
        works: false,
        refusal: { kind: 'error', reason: 'the library libcudnn.so.9 cannot be found' },
        advice: 'install cuDNN 9',
        ms: null,
      }),
      provider({
        provider: 'coreml',
        title: 'CoreML',
        works: false,
        refusal: { kind: 'absent', reason: 'macOS only' },
      }),
      provider({ provider: 'webgpu', title: 'WebGPU', ms: 3.21, maxError: 0.00012 }),
      provider({}),
    ],
    auto: 'webgpu',
    workers: 4,
    intraOpThreads: 2,
  },
  gpu: { devices: ['/dev/dri/renderD128'], nvidia: null, vulkanDrivers: [] },
  folders: [
    { purpose: 'work', path: '/films', freeBytes: 1e9, writable: true },
    { purpose: 'temporary', path: '/tmp', freeBytes: 9e9, writable: true },
    { purpose: 'models', path: '/cache', freeBytes: 9e9, writable: true },
  ],
  modelCache: { folder: '/cache', models: 2, bytes: 25e6, mirror: null, offline: false },
};
