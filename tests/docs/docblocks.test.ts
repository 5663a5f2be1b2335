import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packageRoot, rootPath } from './pages.js';

/** `VideoFrame (pipeline/video-frame.ts)` for each export of the package that has no doc comment. */
function undocumentedExports(entry: string): string[] {
  const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(rootPath('tsconfig.json'), 'utf8'));
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [entry], include: [] }, ts.sys, packageRoot);
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry} exports nothing`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .filter((symbol) => symbol.getDocumentationComment(checker).length === 0)
    .map((symbol) => {
      const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
      return `${symbol.name} (${relative(packageRoot, file)})`;
    });
}

describe('the public interface', () => {
  it('says of every export what it is', () => {
    expect(undocumentedExports(rootPath('index.ts'))).toEqual([]);
  });
});
