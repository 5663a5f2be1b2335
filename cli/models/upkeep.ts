import type { ModelLibrary } from '../../models/library/model-library.js';
import type { FileReport } from '../../models/library/verify-model.js';
import { exitCodes } from '../report-error.js';
import { formatBytes } from '../time-code.js';

/** Prints `vitascope models verify`; the exit code is 1 when a file is not what it must be. */
export async function verifyModels(
  library: ModelLibrary,
  ids: readonly string[],
  flags: { readonly json?: boolean },
): Promise<void> {
  const reports = await library.verify(ids.length === 0 ? undefined : ids);
  if (reports.some(({ ok }) => !ok)) process.exitCode = exitCodes.failed;
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(reports, undefined, 2)}\n`);
    return;
  }
  const width = Math.max(0, ...reports.map(({ id }) => id.length));
  for (const { id, state, ok, files } of reports) {
    const bad = files.filter((file) => !file.ok).map(describeFault);
    const remedy = { embedded: 'install the package again', added: 'add it again' }[state as 'embedded' | 'added'];
    const text = ok ? `ok, ${state}` : `DAMAGED: ${bad.join('; ')}. ${remedy ?? `vitascope models pull --force ${id}`}`;
    process.stdout.write(`${id.padEnd(width)}  ${text}\n`);
  }
}

function describeFault({ name, expected, actual }: FileReport): string {
  if (actual === undefined) return `${name} is missing`;
  return `${name} has SHA-256 ${actual}, expected ${expected}`;
}

/** Prints `vitascope models prune`. */
export async function pruneModels(
  library: ModelLibrary,
  flags: { readonly all?: boolean; readonly dryRun?: boolean; readonly json?: boolean },
): Promise<void> {
  const dryRun = flags.dryRun === true;
  const report = await library.prune({ all: flags.all === true, dryRun });
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ ...report, dryRun }, undefined, 2)}\n`);
    return;
  }
  for (const { id, what, bytes } of report.removed) process.stdout.write(`${id}  ${what}, ${formatBytes(bytes)}\n`);
  for (const id of report.busy) process.stdout.write(`${id}  left alone: another process is working on it\n`);
  const verb = dryRun ? 'would be free' : 'are free';
  const text = report.removed.length === 0 ? 'nothing to remove' : `${formatBytes(report.bytes)} ${verb}`;
  process.stdout.write(`${text}\n`);
}
