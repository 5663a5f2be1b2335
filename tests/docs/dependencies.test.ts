import { describe, expect, it } from 'vitest';
import { readPage, tableRows } from './pages.js';

const manifest = JSON.parse(readPage('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Readonly<Record<string, string>>
>;
const page = readPage('docs/dependencies.md');

/** Names in the first column of the table under a heading. */
function listed(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  return tableRows(section, 'package').map(([name = '']) => name.replaceAll('`', ''));
}

describe('docs/dependencies.md', () => {
  it.each([
    ['dependencies', 'Needed at run time'],
    ['devDependencies', 'Needed to work on it'],
  ] as const)('names the %s of package.json and no others', (kind, heading) => {
    expect(listed(heading).sort()).toEqual(Object.keys(manifest[kind]).sort());
  });

  it('may speak of exact versions, as package.json allows no others', () => {
    const versions = [...Object.values(manifest.dependencies), ...Object.values(manifest.devDependencies)];
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
  });
});
