import { namedVulkanDrivers, thisHost } from '../../models/providers/host.js';
import type { GpuReport } from './report.js';
import { runProgram } from './run-program.js';

/** Looks for GPUs and their drivers, without starting one. */
export async function gpuReport(): Promise<GpuReport> {
  const host = thisHost();
  const nvidia = await runProgram('nvidia-smi', [
    '--query-gpu=name,driver_version,memory.total',
    '--format=csv,noheader',
  ]);
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
  const dri = host.list('/dev/dri').filter((name) => /^(card|renderD)/.test(name));
  return {
    devices: [...dri.map((name) => `/dev/dri/${name}`), ...['/dev/nvidia0', '/dev/dxg'].filter(host.exists)],
    nvidia: nvidia === undefined ? null : nvidia.split('\n').filter((line) => line !== ''),
    vulkanDrivers: namedVulkanDrivers(host)?.split(':') ?? folders.flatMap((f) => host.list(f).map((n) => `${f}/${n}`)),
  };
}
