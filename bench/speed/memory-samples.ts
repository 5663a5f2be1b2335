import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from './time-command.js';

export interface MemorySample {
  readonly minute: number;
  /** Resident memory of the process and its children, MB of 10⁶ bytes. */
  readonly megabytes: number;
}

/** Runs a command for so many minutes at most and notes once a second how much memory it holds; what is not finished by then is ended. */
export async function sampleMemory(command: readonly string[], minutes: number): Promise<readonly MemorySample[]> {
  const [program, ...args] = command;
  const child = spawn(program as string, args, { stdio: 'ignore' });
  const ended = once(child, 'close');
  const samples: MemorySample[] = [];
  const startedAt = performance.now();
  const minute = () => (performance.now() - startedAt) / 60_000;
  while (minute() < minutes && isRunning(child)) {
    const megabytes = await residentMegabytes(child.pid as number);
    if (megabytes > 0) samples.push({ minute: minute(), megabytes });
    await sleep(1000);
  }
  if (isRunning(child)) child.kill('SIGKILL');
  else if (child.exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${child.exitCode}`);
  await ended;
  return samples;
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

async function residentMegabytes(root: number): Promise<number> {
  const table = await runCommand(['ps', '-A', '-o', 'pid=,ppid=,rss=']);
  const processes = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const family = new Set([root]);
  // Children come after their parents, but for wrapped process numbers: then a second pass finds them.
  for (let pass = 0; pass < 2; pass++) for (const [pid, parent] of processes) if (family.has(parent)) family.add(pid);
  const kibibytes = processes.reduce((sum, [pid, , rss]) => sum + (family.has(pid) ? rss : 0), 0);
  return (kibibytes * 1024) / 1e6;
}
