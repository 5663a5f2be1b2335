import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../pipeline/errors.js';
import { readPage, rootPath, tableRows } from './pages.js';

/** Each code with its meaning and what to do, as `docs/errors.md` has them. */
const documented = tableRows(readPage('docs/errors.md'), 'Code', 'Meaning').map(([code, meaning, remedy]) => ({
  code: code?.replaceAll('`', '') ?? '',
  meaning: meaning ?? '',
  remedy: remedy ?? '',
}));

/** Codes that nothing raises yet, but that the documentation promises. */
const reserved: readonly string[] = [];

/** The code of the product, less the table itself and the command's list of which codes are the user's mistakes. */
async function productCode(): Promise<string> {
  const folders = ['pipeline', 'streams', 'models', 'operators', 'config', 'jobs', 'server', 'cli'];
  const files = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(rootPath(folder), { recursive: true });
      return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
    }),
  );
  const raising = files.flat().filter((file) => !['pipeline/errors.ts', 'cli/report-error.ts'].includes(file));
  return raising.map((file) => readFileSync(rootPath(file), 'utf8')).join('\n');
}

describe('docs/errors.md', () => {
  it('explains exactly the codes that exist, in the same order and words', () => {
    expect(documented.map(({ code, meaning }) => [code, meaning])).toEqual(Object.entries(errorCodes));
  });

  it('says of every code what to do', () => {
    expect(documented.filter(({ remedy }) => !/^[A-Z].*\.$/.test(remedy)).map(({ code }) => code)).toEqual([]);
  });
});

describe('every error code', () => {
  it('is raised somewhere, or reserved', async () => {
    const code = await productCode();
    const silent = Object.keys(errorCodes).filter((name) => !code.includes(`'${name}'`));
    expect(silent).toEqual(reserved);
  });
});
