import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

let isCurrent: boolean | undefined;

/** A file of what has been built, where nothing in the source is newer: programs begin seconds sooner with it than from source. @param path Such as `cli/main.js`. */
export function built(path: string): string | undefined {
  const file = join(root, 'dist', path);
  isCurrent ??= isBuiltFromThis();
  return isCurrent && existsSync(file) ? file : undefined;
}

function isBuiltFromThis(): boolean {
  const main = join(root, 'dist', 'cli', 'main.js');
  if (!existsSync(main)) return false;
  const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8')) as { include: string[] };
  const builtAt = statSync(main).mtimeMs;
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
