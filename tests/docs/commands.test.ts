import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { configCommand } from '../../cli/commands/config.js';
import { demoCommand } from '../../cli/commands/demo.js';
import { doctorCommand } from '../../cli/commands/doctor.js';
import { graphsCommand } from '../../cli/commands/graphs.js';
import { indexCommand } from '../../cli/commands/index-films.js';
import { modelsCommand } from '../../cli/commands/models.js';
import { probeCommand } from '../../cli/commands/probe.js';
import { processCommand } from '../../cli/commands/process.js';
import { runCommand } from '../../cli/commands/run.js';
import { searchCommand } from '../../cli/commands/search.js';
import { serveCommand } from '../../cli/commands/serve.js';
import { soundsCommand } from '../../cli/commands/sounds.js';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import { codeBlocks, markdownFiles, readPage } from './pages.js';

const commands = [
  processCommand(),
  runCommand(),
  serveCommand(),
  indexCommand(),
  searchCommand(),
  probeCommand(),
  graphsCommand(),
  modelsCommand(),
  soundsCommand(),
  configCommand(),
  demoCommand(),
  doctorCommand(),
];
const { scripts } = JSON.parse(readPage('package.json')) as { scripts: Readonly<Record<string, string>> };
const files = await markdownFiles();

/** Command lines in the shell blocks of all pages, without comments, continuation lines joined. */
const commandLines = files.flatMap((file) =>
  codeBlocks(readPage(file))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.replace(/\\\n\s*/g, '').split('\n'))
    .flatMap((line) => line.replace(/\s+#.*$/, '').split(/ && | \| /))
    .map((line) => ({ file, words: wordsOf(line.trim()) })),
);

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

/** The words after `vitascope` in each command line that calls it. */
const calls = commandLines.flatMap(({ file, words }) => {
  const at = words[0] === 'npx' ? 1 : 0;
  return words[at] === 'vitascope' ? [{ file, args: words.slice(at + 1) }] : [];
});

/** The command that the words name, and the words that are left. */
function commandOf(args: readonly string[]): { command: Command; rest: readonly string[] } | undefined {
  const command = commands.find((c) => c.name() === args[0]);
  const sub = command?.commands.find((c) => c.name() === args[1]);
  if (command === undefined || (command.commands.length > 0 && sub === undefined)) return undefined;
  return sub === undefined ? { command, rest: args.slice(1) } : { command: sub, rest: args.slice(2) };
}

function problemWith(args: readonly string[]): string | undefined {
  if (args[0] === '--help' || args[0] === '--version') return undefined;
  const found = commandOf(args);
  if (found === undefined) return 'there is no such command';
  const help = found.command.helpInformation();
  const flags = found.rest.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
  const unknown = flags.filter((flag) => !new RegExp(`(^|\\s)${flag}\\b(?!-)`, 'm').test(help));
  return unknown.length === 0 ? undefined : `--help names no ${unknown.join(', ')}`;
}

describe('the commands in the documentation', () => {
  it('are many enough to be worth checking', () => {
    expect(calls.length).toBeGreaterThan(20);
  });

  it('exist, with the options that are shown', () => {
    const problems = calls.flatMap(({ file, args }) => {
      const problem = problemWith(args);
      return problem === undefined ? [] : `${file}: vitascope ${args.join(' ')}: ${problem}`;
    });
    expect(problems).toEqual([]);
  });

  it('set options that their graphs have', async () => {
    for (const { args } of calls) {
      const valuesOf = (flag: RegExp) => args.filter((_, i) => flag.test(args[i - 1] ?? ''));
      const assignments = valuesOf(/^(--set|-s)$/);
      if (assignments.length === 0) continue;
      const named = valuesOf(/^(--graph|-g)$/)[0] ?? (args[0] === 'graphs' ? args[2] : undefined);
      const graph = await loadGraph(named ?? 'restore');
      expect(() => setOptions(graph, assignments)).not.toThrow();
    }
  });

  it('call only scripts that package.json has', () => {
    const named = files.flatMap((file) =>
      [...readPage(file).matchAll(/\bnpm run ([a-z:-]+)/g)].map(([, name = '']) => ({ file, name })),
    );
    expect(named.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('begin, in the README, with the demo and the tests', () => {
    const [first, second] = codeBlocks(readPage('README.md'));
    expect(first).toEqual({ language: 'sh', code: 'npm ci && npm run demo' });
    expect(second).toEqual({ language: 'sh', code: 'npm ci && npm test' });
  });
});

describe('the options table of the README', () => {
  it('names options of vitascope process', () => {
    const help = processCommand().helpInformation();
    const named = [...readPage('README.md').matchAll(/^\| `(--?[a-z-]+)/gm)].map(([, flag = '']) => flag);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((flag) => !help.includes(flag))).toEqual([]);
  });
});
