import { type ModelTask, modelTasks } from '../../models/catalog/families.js';
import type { ModelLibrary } from '../../models/library/model-library.js';
import { modelTable, rowOf } from './model-table.js';

/** Prints `vitascope models list`. */
export async function listModels(
  library: ModelLibrary,
  flags: { readonly task?: ModelTask; readonly here?: boolean; readonly json?: boolean },
): Promise<void> {
  const listings = await library.list(flags.task === undefined ? {} : { task: flags.task });
  const rows = listings
    .map(rowOf)
    .filter(({ state }) => flags.here !== true || ['embedded', 'downloaded', 'added'].includes(state))
    .sort((a, b) => modelTasks.indexOf(a.task) - modelTasks.indexOf(b.task));
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
    return;
  }
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  process.stdout.write(`${modelTable(rows, width)}\n`);
  process.stderr.write(`\n${footer(rows).join('\n')}\n`);
}

function footer(rows: readonly ReturnType<typeof rowOf>[]): string[] {
  const available = rows
    .filter(
      ({ state, commercial, bytesKnown }) => state === 'available' && commercial === 'yes' && bytesKnown === 'exact',
    )
    .sort((a, b) => a.bytes - b.bytes)[0];
  return [
    ...(available === undefined ? [] : [`Download one:        vitascope models pull ${available.id}`]),
    ...(rows[0] === undefined ? [] : [`All about one:       vitascope models show ${rows[0].id}`]),
    ...(rows.some(({ commercial }) => commercial === 'no')
      ? ['Non-commercial ones are downloaded with --accept-licence only.']
      : []),
    ...(rows.some(({ state }) => state === 'make it')
      ? ['“make it”: nobody offers the file; `vitascope models show ID` says how it is made.']
      : []),
    'Quality is as published, not measured here. Sizes: ~ rounded, > at least, ? not published.',
  ];
}
