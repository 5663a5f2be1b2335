import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseGraphYaml } from '../../config/graph-file.js';
import { builtinOperators } from '../../config/registry.js';
import type { OptionIssue } from '../../pipeline/operator.js';
import { withReference } from '../../scripts/operator-reference.js';
import { codeBlocks, markdownFiles, readPage, serverPages } from './pages.js';

describe('what is written about graphs', () => {
  it('lists every operator with every option as the code has them (npm run docs writes it)', () => {
    const page = readPage('docs/graphs.md');
    expect(page).toBe(withReference(page));
  });

  it.each(builtinOperators.map((operator) => [operator.name, operator] as const))(
    'gives defaults of %s that its own ranges allow',
    (_, { options }) => {
      const { properties = {} } = z.toJSONSchema(options as unknown as z.ZodType, { io: 'input' });
      const defaults = Object.entries(properties).flatMap(([name, schema]) =>
        typeof schema === 'object' && 'default' in schema ? [[name, schema.default] as const] : [],
      );
      const given: Readonly<Record<string, unknown>> = Object.fromEntries(defaults);
      const { issues = [] } = options['~standard'].validate(given) as { issues?: readonly OptionIssue[] };
      expect(issues.filter(({ path }) => String(path?.[0]) in given)).toEqual([]);
    },
  );

  it('shows only graphs that are valid', async () => {
    for (const file of (await markdownFiles()).filter((page) => !serverPages.includes(page))) {
      for (const { language, code } of codeBlocks(readPage(file))) {
        if (language === 'yaml') expect(() => parseGraphYaml(code, file, builtinOperators)).not.toThrow();
      }
    }
  });
});
