import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { watchCpu } from '../cpu-times.js';

const sinceBegin = watchCpu();

/** On what, with what and when a figure was measured. */
export function circumstances(): string {
  const load = loadavg()[0]?.toFixed(1);
  return [
    `commit ${commit()}`,
    new Date().toISOString().slice(0, 10),
    `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`,
    `load average ${load} at the end`,
    ...stolen(),
    `Node ${process.version}`,
    `ffmpeg ${ffmpegVersion()}`,
    `node-av ${dependency('node-av')}`,
    `onnxruntime-node ${dependency('onnxruntime-node')}`,
  ].join(', ');
}

/** On virtual machines: what the host kept from it. */
function stolen(): readonly string[] {
  const share = sinceBegin()?.stolen ?? 0;
  return share < 0.005 ? [] : [`${Math.round(100 * share)} % of the processors' time stolen by the host`];
}

function commit(): string {
  return run('git', ['describe', '--always', '--dirty']);
}

function ffmpegVersion(): string {
  return run('ffmpeg', ['-version']).split(' ')[2] ?? 'unknown';
}

function dependency(name: string): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return manifest.dependencies[name] ?? 'unknown';
}

function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
