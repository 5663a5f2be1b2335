#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { disposeDefaultInferencePool } from '../models/default-pool.js';
import { doctorCommand } from './commands/doctor.js';
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

// The others load FFmpeg, and the doctor must be able to say that it does not load.
const isDoctor = process.argv[2] === 'doctor';
const commands = isDoctor ? [doctorCommand()] : (await import('./commands/all.js')).allCommands();
for (const command of commands) program.addCommand(command);

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
