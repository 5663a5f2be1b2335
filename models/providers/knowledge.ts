import { join } from 'node:path';
import type { ExecutionProvider, SessionSettings } from '../session-settings.js';
import { type Host, hasNvidiaDevice, hasVulkanDevice } from './host.js';
import type { ProviderName } from './provider.js';

/** What is known of a provider beforehand. */
export interface ProviderKnowledge {
  readonly name: ProviderName;
  /** As people write it. */
  readonly title: string;
  /** What this machine lacks, seen without starting anything; nothing when it is worth a try. */
  lacks(host: Host): string | undefined;
  /** False where nothing that could be installed would help. */
  possible(host: Host): boolean;
  /** What to do on this machine to get it. */
  advice(host: Host): string;
  /** What of a session's settings it needs. */
  readonly settings: Partial<SessionSettings>;
  /** How long a probe may take, milliseconds. */
  readonly timeoutMs: number;
}

const MINUTE = 60_000;
/** Real GPUs answer in a few seconds, shaders compiled; a job should not wait long for others. */
const HALF_A_MINUTE = 30_000;

/** Without 'cpu' at the end: ONNX Runtime adds it by itself, and where it stands in the list a missing backend is passed over in silence. */
function settings(...executionProviders: readonly ExecutionProvider[]): Partial<SessionSettings> {
  return { executionProviders };
}

const installCuda =
  'install an NVIDIA driver, CUDA 12 and cuDNN 9, then run ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node (docs/gpu.md)';

function lacksCuda(host: Host, library: string): string | undefined {
  if (host.platform !== 'linux' || host.arch !== 'x64') return `it exists for Linux x64 only, not for ${where(host)}`;
  const missing = host.exists(join(host.runtimeFolder, library)) ? undefined : `${library} is not installed`;
  const device = hasNvidiaDevice(host) ? undefined : 'no NVIDIA device is to be seen';
  return [missing, device].filter((text) => text !== undefined).join(', and ') || undefined;
}

function mayHaveCuda(host: Host): boolean {
  return host.platform === 'linux' && host.arch === 'x64' && hasNvidiaDevice(host);
}

function adviseCuda(host: Host): string {
  return host.platform === 'linux' && host.arch === 'x64'
    ? installCuda
    : `no setup exists on ${where(host)}; try --provider auto`;
}

function lacksWebGpu(host: Host): string | undefined {
  if (host.platform !== 'linux') return undefined;
  if (host.arch !== 'x64') return `the Linux binary has it for x64 only, not for ${host.arch}`;
  if (!host.hasLibrary('libvulkan.so.1')) return 'the Vulkan loader libvulkan.so.1 is not installed';
  if (!hasVulkanDevice(host)) return 'there is no GPU device in /dev/dri, and VK_ICD_FILENAMES names no Vulkan driver';
  return undefined;
}

function where(host: Host): string {
  return `${host.platform} ${host.arch}`;
}

/** Knowledge of every provider. */
export const providers: Readonly<Record<ProviderName, ProviderKnowledge>> = {
  tensorrt: {
    name: 'tensorrt',
    title: 'TensorRT',
    possible: mayHaveCuda,
    lacks: (host) =>
      lacksCuda(host, 'libonnxruntime_providers_tensorrt.so') ??
      (host.hasLibrary('libnvinfer.so.10') ? undefined : 'libnvinfer.so.10 (TensorRT 10) is not installed'),
    advice: (host) =>
      host.platform === 'linux' && host.arch === 'x64'
        ? `install TensorRT 10, and as for cuda: ${installCuda}`
        : adviseCuda(host),
    settings: settings('tensorrt', 'cuda'),
    // It compiles the model for the device.
    timeoutMs: 10 * MINUTE,
  },
  cuda: {
    name: 'cuda',
    title: 'CUDA',
    possible: mayHaveCuda,
    lacks: (host) => lacksCuda(host, 'libonnxruntime_providers_cuda.so'),
    advice: adviseCuda,
    settings: settings('cuda'),
    timeoutMs: HALF_A_MINUTE,
  },
  coreml: {
    name: 'coreml',
    title: 'CoreML',
    possible: (host) => host.platform === 'darwin',
    lacks: (host) => (host.platform === 'darwin' ? undefined : `it exists for macOS only, not for ${where(host)}`),
    advice: (host) => (host.platform === 'darwin' ? 'nothing to install' : 'use a Mac with Apple silicon'),
    settings: settings('coreml'),
    timeoutMs: 2 * MINUTE,
  },
  dml: {
    name: 'dml',
    title: 'DirectML',
    possible: (host) => host.platform === 'win32',
    lacks: (host) => (host.platform === 'win32' ? undefined : `it exists for Windows only, not for ${where(host)}`),
    advice: (host) =>
      host.platform === 'win32' ? "install the GPU vendor's driver for DirectX 12" : 'use Windows 10 or newer',
    // DirectML stands no memory pattern.
    settings: { ...settings('dml'), variableShapes: true },
    timeoutMs: HALF_A_MINUTE,
  },
  webgpu: {
    name: 'webgpu',
    title: 'WebGPU',
    possible: (host) => host.platform !== 'linux' || (host.arch === 'x64' && hasVulkanDevice(host)),
    lacks: lacksWebGpu,
    advice: (host) =>
      host.platform === 'linux'
        ? "install libvulkan1 and the GPU vendor's Vulkan driver (docs/gpu.md)"
        : "install the GPU vendor's current driver",
    settings: settings('webgpu'),
    timeoutMs: HALF_A_MINUTE,
  },
  cpu: {
    name: 'cpu',
    title: 'CPU',
    possible: () => true,
    lacks: () => undefined,
    advice: () => 'nothing to install',
    settings: { executionProviders: ['cpu'] },
    timeoutMs: MINUTE,
  },
};
