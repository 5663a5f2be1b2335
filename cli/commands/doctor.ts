import { Command } from 'commander';
import { VitascopeError } from '../../pipeline/index.js';
import { describeReport } from '../doctor/describe.js';
import { examine } from '../doctor/examine.js';
import { exitCodes } from '../report-error.js';

interface DoctorFlags {
  readonly json?: boolean;
  readonly fresh?: boolean;
  readonly timeout: number;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Look at this machine: what works, what does not, why, and what can be done.')
    .option('--json', 'as JSON')
    .option('--fresh', 'try execution providers again, whatever is remembered of earlier tries')
    .option(
      '--timeout <seconds>',
      'time for each execution provider that is tried (TensorRT may want minutes)',
      seconds,
      10,
    )
    .addHelpText(
      'after',
      `
The exit code is 0 when everything essential works, and 1 when FFmpeg, models on the CPU, or a folder that is needed do not.

Examples:
  vitascope doctor
  vitascope doctor --json --fresh`,
    )
    .action(doctor);
}

async function doctor(flags: DoctorFlags): Promise<void> {
  const report = await examine({ fresh: flags.fresh, timeoutMs: flags.timeout * 1000 });
  const text = flags.json === true ? JSON.stringify(report, undefined, 2) : describeReport(report);
  process.stdout.write(`${text}\n`);
  if (!report.ok) process.exitCode = exitCodes.failed;
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new VitascopeError('OPTION_INVALID', `--timeout must be a number of seconds above 0, got "${text}"`);
}
