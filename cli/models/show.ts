import { unknownModel } from '../../models/library/missing-model.js';
import type { ModelLibrary } from '../../models/library/model-library.js';
import { describeModel } from './describe-model.js';

/** Prints `vitascope models show`. */
export async function showModel(library: ModelLibrary, id: string, flags: { readonly json?: boolean }): Promise<void> {
  const listings = await library.list();
  const listing = listings.find((model) => model.id === id);
  if (listing === undefined) throw unknownModel(id, listings);
  const { entry, state, bytes, digest } = listing;
  const here = state === 'embedded' || state === 'downloaded' || state === 'added';
  const folder = here ? (await library.find(id)).folder : undefined;
  if (flags.json === true) {
    const body = { ...entry, state, bytes, digest, folder: folder ?? null };
    process.stdout.write(`${JSON.stringify(body, undefined, 2)}\n`);
    return;
  }
  process.stdout.write(`${describeModel(entry, state, folder)}\n`);
}
