import { describe, expect, it } from 'vitest';
import type { Host } from '../../../models/providers/host.js';
import { providers } from '../../../models/providers/knowledge.js';
import { providerNames } from '../../../models/providers/provider.js';
import { hostWith, nvidiaHost } from './host-stub.js';

/** The providers that are worth a try, in order. */
const candidates = (host: Host) => providerNames.filter((name) => providers[name].lacks(host) === undefined);

describe('what a machine can try', () => {
  it.each<[string, Host, string[]]>([
    ['Linux with an NVIDIA card and everything installed', nvidiaHost, ['tensorrt', 'cuda', 'webgpu', 'cpu']],
    [
      'Linux with an Intel or AMD card',
      hostWith({ files: ['/dev/dri/renderD128'], libraries: ['libvulkan.so.1'] }),
      ['webgpu', 'cpu'],
    ],
    ['Linux with a card, without the Vulkan loader', hostWith({ files: ['/dev/dri/renderD128'] }), ['cpu']],
    ['Linux without a card, drivers installed', hostWith({ libraries: ['libvulkan.so.1'] }), ['cpu']],
    [
      'Linux without a card, with a software driver named',
      hostWith({ libraries: ['libvulkan.so.1'], env: { VK_ICD_FILENAMES: '/sw.json' } }),
      ['webgpu', 'cpu'],
    ],
    [
      'Linux on ARM',
      hostWith({ arch: 'arm64', files: ['/dev/dri/renderD128'], libraries: ['libvulkan.so.1'] }),
      ['cpu'],
    ],
    ['macOS', hostWith({ platform: 'darwin', arch: 'arm64' }), ['coreml', 'webgpu', 'cpu']],
    ['Windows', hostWith({ platform: 'win32' }), ['dml', 'webgpu', 'cpu']],
  ])('%s', (_, host, names) => {
    expect(candidates(host)).toEqual(names);
  });

  it('is told in words', () => {
    expect(providers.cuda.lacks(hostWith())).toBe(
      'libonnxruntime_providers_cuda.so is not installed, and no NVIDIA device is to be seen',
    );
    expect(providers.cuda.advice(hostWith())).toContain('ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node');
    expect(providers.coreml.lacks(hostWith())).toBe('it exists for macOS only, not for linux x64');
  });

  it('never names the CPU in a list of providers, where a missing one would be passed over in silence', () => {
    for (const name of providerNames.filter((n) => n !== 'cpu')) {
      expect(providers[name].settings.executionProviders).not.toContain('cpu');
    }
  });
});
