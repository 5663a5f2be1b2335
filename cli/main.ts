#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import { demoCommand } from './commands/demo.js';
import { graphsCommand } from './commands/graphs.js';
import { probeCommand } from './commands/probe.js';
import { processCommand } from './commands/process.js';
import { exitCodes, reportError } from './report-error.js';

const program = new Command('vitascope')
  .description(
    'Streaming media pipeline: operator graphs decode, transform and re-encode video, live or from an archive.',
  )
  .version(packageVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for all options)')
  .configureHelp({ sortSubcommands: false })
  .addCommand(processCommand())
  .addCommand(probeCommand())
  .addCommand(graphsCommand())
  .addCommand(demoCommand());

function packageVersion(): string {
  const beside = new URL('../package.json', import.meta.url);
  const file = existsSync(beside) ? beside : new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)])
  command.exitOverride();

const asJson = process.argv.some(
  (arg, i) => arg === '--progress=json' || (arg === 'json' && process.argv[i - 1] === '--progress'),
);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  else reportError(error, asJson);
} finally {
  await disposeDefaultInferencePool();
}
