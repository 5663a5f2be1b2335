import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of `package.json`. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** A path in the repository. */
export function rootPath(path: string): string {
  return join(packageRoot, path);
}

const SKIPPED = new Set(['node_modules', 'dist', 'out', 'coverage', '.git', '.cache']);

/** Every Markdown file of the repository, relative to its root. */
export async function markdownFiles(folder = ''): Promise<string[]> {
  const entries = await readdir(rootPath(folder), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : await markdownFiles(path);
      return entry.name.endsWith('.md') ? [path] : [];
    }),
  );
  return found.flat().sort();
}

/** Pages whose YAML is not graphs but configurations of the server. */
export const serverPages: readonly string[] = ['docs/live.md', 'docs/security.md'];

/** The text of a file of the repository. */
export function readPage(path: string): string {
  return readFileSync(rootPath(path), 'utf8');
}

/** A block between fences. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code: code.trimEnd(),
  }));
}

/** The page without its fenced blocks and inline code, for looking at prose and links. */
export function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The rows of the first table whose header begins with these cells; cells as written. */
export function tableRows(markdown: string, ...header: readonly string[]): string[][] {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => header.every((cell, i) => cellsOf(line)[i] === cell));
  if (start < 0) return [];
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end < 0 ? undefined : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line.startsWith('|')
    ? line
        .slice(1, line.lastIndexOf('|'))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim())
    : [];
}
