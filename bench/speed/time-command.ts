import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CommandTimes {
  readonly wallSeconds: number;
  /** User and system time of the process and of all children it waited for. */
  readonly cpuSeconds: number;
}

/** Runs a command to its end under the `time` of bash, which counts children of children. @throws Error with what it printed when it fails. */
export async function timeCommand(command: readonly string[]): Promise<CommandTimes> {
  const folder = await mkdtemp(join(tmpdir(), 'vitascope-time-'));
  try {
    const file = join(folder, 'times');
    const script = 'exec 3>"$0"; TIMEFORMAT="%R %U %S"; { time "$@" 2>&4; } 4>&2 2>&3';
    await runCommand(['bash', '-c', script, file, ...command]);
    const [wall, user, system] = (await readFile(file, 'utf8')).trim().split(' ').map(Number) as [
      number,
      number,
      number,
    ];
    return { wallSeconds: wall, cpuSeconds: user + system };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Standard output of a command. @throws Error with what it printed when it fails. */
export function runCommand([program, ...args]: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program as string, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${[program, ...args].join(' ')} ended with ${code}:\n${errors}`));
    });
  });
}
