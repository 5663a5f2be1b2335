import type { Host } from '../../../models/providers/host.js';

/** A made-up machine: Linux x64 without any GPU, unless told otherwise. */
export function hostWith(
  parts: Partial<Pick<Host, 'platform' | 'arch' | 'env'>> & {
    readonly files?: readonly string[];
    readonly libraries?: readonly string[];
  } = {},
): Host {
  const { files = [], libraries = [], ...facts } = parts;
  return {
    platform: 'linux',
    arch: 'x64',
    env: {},
    runtimeFolder: '/runtime',
    ...facts,
    exists: (path) => files.includes(path),
    list: (folder) =>
      files.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)),
    hasLibrary: (name) => libraries.includes(name),
  };
}

/** Linux with an NVIDIA card and everything installed. */
export const nvidiaHost = hostWith({
  files: [
    '/proc/driver/nvidia/version',
    '/dev/dri/renderD128',
    '/runtime/libonnxruntime_providers_cuda.so',
    '/runtime/libonnxruntime_providers_tensorrt.so',
  ],
  libraries: ['libvulkan.so.1', 'libnvinfer.so.10'],
});
