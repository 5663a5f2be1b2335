import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What can be seen of a machine without starting anything. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder with ONNX Runtime's native libraries. */
  readonly runtimeFolder: string;
  exists(path: string): boolean;
  /** Names in a folder; empty when there is none. */
  list(folder: string): readonly string[];
  /** True when the dynamic linker would find a library of this file name. */
  hasLibrary(fileName: string): boolean;
}

/** The machine that this runs on. */
export function thisHost(): Host {
  return {
    platform: platform(),
    arch: arch(),
    env: process.env,
    runtimeFolder: findRuntimeFolder(),
    exists: existsSync,
    list,
    hasLibrary: (fileName) => hasLibrary(fileName, process.env.LD_LIBRARY_PATH),
  };
}

/** True where Linux shows an NVIDIA device, under WSL too. */
export function hasNvidiaDevice(host: Host): boolean {
  return ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'].some((path) => host.exists(path));
}

/** True where Linux shows a device that Vulkan may drive, or the environment names a Vulkan driver. */
export function hasVulkanDevice(host: Host): boolean {
  if (namedVulkanDrivers(host) !== undefined) return true;
  return hasNvidiaDevice(host) || host.list('/dev/dri').some((name) => name.startsWith('renderD'));
}

/** The Vulkan drivers (ICD files) that the environment names. */
export function namedVulkanDrivers(host: Host): string | undefined {
  return [host.env.VK_DRIVER_FILES, host.env.VK_ICD_FILENAMES, host.env.VK_ADD_DRIVER_FILES].find(
    (value) => value !== undefined && value !== '',
  );
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Empty where the runtime is not installed, which is for others to tell. */
function findRuntimeFolder(): string {
  try {
    const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    const abi = list(join(root, 'bin')).find((name) => name.startsWith('napi-')) ?? 'napi';
    return join(root, 'bin', abi, platform(), arch());
  } catch {
    return '';
  }
}

function hasLibrary(fileName: string, searchPath = ''): boolean {
  if (searchPath.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, fileName)))) return true;
  try {
    // The linker's cache holds file names as plain text.
    return readFileSync('/etc/ld.so.cache').includes(`${fileName}\0`);
  } catch {
    // No cache, no knowledge: let the probe find out.
    return true;
  }
}
