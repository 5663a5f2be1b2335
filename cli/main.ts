#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import { commandsFor } from './commands/all.js';
import { packageVersion } from './package-version.js';
import { exitCodes, reportError } from './report-error.js';

const program = new Command('vitascope')
  .description(
    'Streaming media pipeline: operator graphs decode, transform and re-encode video, live or from an archive.',
  )
  .version(packageVersion())
  .showSuggestionAfterError()
  .showHelpAfterError('(add --help for all options)')
  .configureHelp({ sortSubcommands: false });

for (const command of await commandsFor(process.argv.slice(2))) program.addCommand(command);

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
