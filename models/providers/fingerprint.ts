import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release } from 'node:os';
import { join } from 'node:path';
import { type Host, namedVulkanDrivers } from './host.js';

/** Raise it when probes mean something else than before. */
const PROBE_REVISION = 1;

const driverFolders = ['/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const variables = [
  'CUDA_VISIBLE_DEVICES',
  'LD_LIBRARY_PATH',
  'LIBGL_ALWAYS_SOFTWARE',
  'MESA_VK_DEVICE_SELECT',
  'DRI_PRIME',
];

/**
 * A digest of what decides how providers behave on a machine: runtime, kernel, processor, drivers, devices, environment.
 * With another one, earlier probes say nothing.
 */
export function machineFingerprint(host: Host): string {
  const icds = [
    ...(namedVulkanDrivers(host)?.split(':') ?? []),
    ...driverFolders.flatMap((f) => host.list(f).map((n) => join(f, n))),
  ];
  const libraries = host.list(host.runtimeFolder).map((name) => join(host.runtimeFolder, name));
  const facts = [
    PROBE_REVISION,
    runtimeVersion(),
    host.platform,
    host.arch,
    release(),
    cpus()[0]?.model,
    availableParallelism(),
    host.list('/dev/dri'),
    textOf('/proc/driver/nvidia/version'),
    [...icds, ...libraries].map((path) => [path, stampOf(path)]),
    variables.map((name) => host.env[name]),
  ];
  return digest(facts);
}

/** The version of the installed onnxruntime-node, read without loading its native part; empty where there is none. */
export function runtimeVersion(): string {
  try {
    const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
    return version;
  } catch {
    return '';
  }
}

/** SHA-256 of any JSON value, hexadecimal. */
export function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Size and time of a file; nothing when it is not there. */
export function stampOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.size} ${stat.mtimeMs}`;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
