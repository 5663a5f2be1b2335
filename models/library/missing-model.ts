import prettyBytes from 'pretty-bytes';
import { VitascopeError } from '../../pipeline/errors.js';
import { type CatalogEntry, downloadSize } from '../catalog/catalog-entry.js';
import type { ModelTask } from '../catalog/families.js';
import { similarId } from '../catalog/load-catalog.js';
import type { ModelEntry } from './model-entry.js';

/** Nobody knows a model of that id. @param task What it was wanted for, where that is known. */
export function unknownModel(id: string, known: readonly { readonly id: string }[], task?: ModelTask): VitascopeError {
  const guess = similarId(id, known);
  const list =
    task === undefined
      ? '`vitascope models list` shows all'
      : `\`vitascope models list --task ${task}\` shows what there is`;
  const hint = guess === undefined ? list : `did you mean "${guess}"?`;
  return new VitascopeError('MODEL_NOT_FOUND', `there is no model "${id}"; ${hint}`, { context: { id, guess } });
}

/** The catalog has the model, and it is not here. @param older Versions of it that are here. */
export function notDownloaded(entry: CatalogEntry, older: readonly string[]): VitascopeError {
  const { id } = entry;
  if (entry.files.length === 0) return notOffered(entry);
  const facts = `${sizeWords(entry)}, ${licenceWords(entry)}`;
  const accept = entry.licence.commercial === 'no' ? ' --accept-licence' : '';
  const other = older.length === 0 ? '' : ` (${older.join(', ')} is here, this release wants ${entry.version})`;
  return new VitascopeError(
    'MODEL_NOT_FOUND',
    `model ${id} is not downloaded${other}; run \`vitascope models pull ${id}${accept}\` (${facts})`,
    { context: { id, licence: entry.licence.weights, commercial: entry.licence.commercial } },
  );
}

/** The catalog tells how to use the model, but nobody offers it as ONNX. */
export function notOffered({ id, source, facts }: CatalogEntry): VitascopeError {
  return new VitascopeError(
    'MODEL_NOT_FOUND',
    `model ${id} cannot be downloaded: nobody offers it as ONNX. Convert it (${source}) and add it with \`vitascope models add\`. ${facts}`,
    { context: { id, source } },
  );
}

/** The licence forbids commercial use, and nobody accepted it. */
export function licenceNotAccepted({ id, licence, source }: ModelEntry): VitascopeError {
  const note = licence.note === undefined ? '' : ` (${licence.note})`;
  return new VitascopeError(
    'MODEL_LICENCE',
    `the licence of model ${id} forbids commercial use: weights ${licence.weights}, code ${licence.code}${note}, see ${source}. ` +
      'If your use is allowed, give --accept-licence (acceptLicence: true)',
    { context: { id, weights: licence.weights, code: licence.code, commercial: licence.commercial, source } },
  );
}

/** The model would have to be fetched, and no connection may be made. */
export function wantsConnection({ id }: CatalogEntry, folder: string): VitascopeError {
  return new VitascopeError(
    'OFFLINE',
    `model ${id} is not in ${folder}, and downloads are off (--offline or VITASCOPE_OFFLINE); pull it once with a connection, or copy the folder from a machine that has it`,
    { context: { id, folder } },
  );
}

/** Files of an installed model are gone or cut. */
export function damagedModel(id: string, folder: string, remedy: string): VitascopeError {
  return new VitascopeError(
    'MODEL_INVALID',
    `model ${id} is damaged: files in ${folder} are missing or cut; ${remedy}`,
    {
      context: { id, folder },
    },
  );
}

function sizeWords(entry: CatalogEntry): string {
  const { bytes, known } = downloadSize(entry);
  const size = prettyBytes(bytes);
  const words = { exact: size, rough: `about ${size}`, partial: `more than ${size}`, unknown: 'size not published' };
  return words[known];
}

function licenceWords({ licence }: CatalogEntry): string {
  const words = { yes: '', no: ', no commercial use', care: ', commercial use with care' } as const;
  return `${licence.weights}${words[licence.commercial]}`;
}
