import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { codeBlocks, markdownFiles, packageRoot, readPage, rootPath } from './pages.js';

const files = await markdownFiles();

/**
 * The TypeScript blocks of all pages as modules that import the sources instead of the package. They lie in the root of the repository, or where
 * their first line (`// operators/mirror/mirror.ts`) says.
 */
const modules = new Map(
  files.flatMap((file) =>
    codeBlocks(readPage(file))
      .filter(({ language }) => language === 'ts')
      .map(({ code }, i) => {
        const name = /^\/\/ (\S+\.ts)$/m.exec(code)?.[1] ?? `${file.replace(/\W/g, '-')}-block-${i + 1}.ts`;
        return [
          rootPath(name),
          `${code.replaceAll("'vitascope/server'", "'./server/index.js'").replaceAll("'vitascope'", "'./index.js'")}\nexport {};\n`,
        ] as const;
      }),
  ),
);

/** What the compiler says of them, with the strictness of the project. */
function complaints(): string[] {
  const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(rootPath('tsconfig.json'), 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(
    { ...config, files: ['index.ts'], include: [] },
    ts.sys,
    packageRoot,
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  const folders = new Set([...modules.keys()].map(dirname));
  host.directoryExists = (path) => folders.has(path) || ts.sys.directoryExists(path);
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => modules.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = modules.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules.keys()].flatMap((path) => {
    const source = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(
      (d) => `${path.slice(packageRoot.length)}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`,
    );
  });
}

describe('the TypeScript in the documentation', () => {
  it('compiles against the sources', () => {
    expect(modules.size).toBeGreaterThan(5);
    expect(complaints()).toEqual([]);
  });
});
