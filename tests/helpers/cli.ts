import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const built = join(root, 'dist', 'cli', 'main.js');
const fromSource = ['--import', 'tsx', join(root, 'cli', 'main.ts')];

export interface CliRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command as a user would: what has been built, where nothing in the source is newer; else from source, which takes seconds longer. */
export function startCli(
  args: readonly string[],
  onStdout?: (text: string, child: ChildProcess) => void,
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...entry(), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      onStdout?.(text, child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

let chosen: readonly string[] | undefined;

function entry(): readonly string[] {
  chosen ??= isBuiltFromThis() ? [built] : fromSource;
  return chosen;
}

function isBuiltFromThis(): boolean {
  if (!existsSync(built)) return false;
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
  const builtAt = statSync(built).mtimeMs;
  return include.every((each) => newestIn(join(root, each)) <= builtAt);
}

/** When anything in it was changed last, milliseconds; a folder changes when a file comes or goes. */
function newestIn(path: string): number {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  const within = readdirSync(path, { withFileTypes: true }).map((entry) => {
    const inner = join(path, entry.name);
    return entry.isDirectory() || entry.name.endsWith('.ts') ? newestIn(inner) : 0;
  });
  return Math.max(status.mtimeMs, ...within);
}

/** The JSON lines that `--progress json` prints. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
