import { describe, expect, it } from 'vitest';
import { parseGraphYaml } from '../../config/graph-file.js';
import { builtinOperators } from '../../config/registry.js';
import { withReference } from '../../scripts/operator-reference.js';
import { codeBlocks, markdownFiles, readPage } from './pages.js';

describe('what is written about graphs', () => {
  it('lists every operator with every option as the code has them (npm run docs writes it)', () => {
    const page = readPage('docs/graphs.md');
    expect(page).toBe(withReference(page));
  });

  it('shows only graphs that are valid', async () => {
    for (const file of await markdownFiles()) {
      for (const { language, code } of codeBlocks(readPage(file))) {
        if (language === 'yaml') expect(() => parseGraphYaml(code, file, builtinOperators)).not.toThrow();
      }
    }
  });
});
