import { readFileSync } from 'node:fs';
import type { CatalogEntry } from '../../../models/catalog/catalog-entry.js';
import { ModelLibrary } from '../../../models/library/model-library.js';

/** A process that pulls: `pull-child.ts FOLDER ENTRY.json`. It prints phases as it meets them, then the digest. */
const [folder = '', entryFile = ''] = process.argv.slice(2);
const entry = JSON.parse(readFileSync(entryFile, 'utf8')) as CatalogEntry;
const phases = new Set<string>();
const library = new ModelLibrary({ folder, catalog: [entry], env: {}, staleLockMs: 2000 });
const model = await library.pull(entry.id, {
  onProgress: ({ phase }) => {
    if (phases.has(phase)) return;
    phases.add(phase);
    console.log(phase);
  },
});
console.log(model.file().sha256);
