import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os';
import { packageVersion } from '../package-version.js';
import type { SystemReport } from './report.js';
import { runProgram } from './run-program.js';

const telling =
  /^(fma|f16c|avx|avx2|avx_vnni|avx512f|avx512_vnni|avx512_bf16|amx_tile|amx_int8|amx_bf16|asimd|asimddp|i8mm|bf16|sve2?)$/;

/** Looks at the machine and the programs that run Vitascope. */
export async function systemReport(): Promise<SystemReport> {
  const npm = await runProgram('npm', ['--version']);
  const [first] = cpus();
  return {
    vitascope: packageVersion(),
    node: process.versions.node,
    npm: npm ?? null,
    os: { platform: platform(), arch: arch(), release: release() },
    cpu: { model: first?.model.trim() ?? 'unknown', cores: availableParallelism(), features: await vectorUnits() },
    memory: { totalBytes: totalmem(), availableBytes: availableMemory() },
  };
}

async function vectorUnits(): Promise<readonly string[] | null> {
  if (platform() === 'linux') return featuresOf(textOf('/proc/cpuinfo'));
  if (platform() !== 'darwin') return null;
  if (arch() === 'arm64') return ['asimd'];
  const text = await runProgram('sysctl', ['-n', 'machdep.cpu.features', 'machdep.cpu.leaf7_features']);
  return text === undefined ? null : featuresOf(`flags: ${text.toLowerCase().replaceAll('\n', ' ')}`);
}

/** The vector units that the text of `/proc/cpuinfo` names; `null` when it names no flags at all. */
export function featuresOf(cpuinfo: string): readonly string[] | null {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo)?.[1];
  return line === undefined ? null : line.split(/\s+/).filter((flag) => telling.test(flag));
}

/** Linux counts what it can take back from its file cache. */
function availableMemory(): number {
  const kilobytes = /^MemAvailable:\s+(\d+)/m.exec(platform() === 'linux' ? textOf('/proc/meminfo') : '')?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
