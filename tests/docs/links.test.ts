import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdownFiles, readPage, rootPath, withoutCode } from './pages.js';

const files = await markdownFiles();

/** Where the links and pictures of a page lead: Markdown's, and those of embedded HTML. */
function targetsIn(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const links = [...prose.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g), ...prose.matchAll(/(?:src|href)="([^"]+)"/g)];
  return links.map(([, target = '']) => target);
}

/** The names under which GitHub lets links jump to the headings of a page. */
function anchorsIn(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  for (const [, heading = ''] of prose.matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const name = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let unique = name;
    for (let n = 1; anchors.has(unique); n++) unique = `${name}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

/** Why a link leads nowhere, if so. */
function problemWith(file: string, target: string): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined;
  const [path = '', anchor] = decodeURI(target).split('#');
  const destination = path === '' ? file : join(dirname(file), path);
  if (destination.startsWith('..')) return `${file}: ${target} leads out of the repository`;
  if (!existsSync(rootPath(destination))) return `${file}: ${target} does not exist`;
  if (anchor === undefined) return undefined;
  if (statSync(rootPath(destination)).isDirectory() || !destination.endsWith('.md')) return undefined;
  return anchorsIn(readPage(destination)).has(anchor) ? undefined : `${file}: ${target} has no such heading`;
}

describe('the documentation', () => {
  it('holds the pages that a reader looks for', () => {
    const expected = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/errors.md'];
    expect(expected.filter((page) => !files.includes(page))).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const problems = files.flatMap((file) => targetsIn(readPage(file)).flatMap((t) => problemWith(file, t) ?? []));
    expect(problems).toEqual([]);
  });

  it('names no page of docs/ that nobody links to', () => {
    const linked = new Set(
      files.flatMap((file) => targetsIn(readPage(file)).map((t) => join(dirname(file), t.split('#')[0] ?? ''))),
    );
    expect(files.filter((file) => file.startsWith('docs/') && !linked.has(file))).toEqual([]);
  });
});
