import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ModelEntry } from './model-entry.js';

/** What lies where in the folder of the models; the library writes it there as `README.txt`. */
export const libraryReadme = `Models of Vitascope.

models/ID/VERSION-FINGERPRINT/   a downloaded model, complete. It never changes; another version is another folder.
added/ID/                        a model that was added with \`vitascope models add\`
    .vitascope.json              what it is, and size and SHA-256 of each file
downloads/ID/...                 what was fetched of a model so far: FILE.part, and FILE.part.json with its origin
locks/ID.lock                    a process is working on this model
.derived/                        copies of models in other forms, made when they are first used
pins.json                        digests of first downloads, where publishers give none; later ones must match

Everything here but added/ can be fetched again. \`vitascope models prune\` removes what is not needed,
\`vitascope models verify\` checks what is here. The folder may be copied to another machine.
`;

/** Paths in the folder of the models. Ids are checked by whoever calls. */
export class LibraryLayout {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  get readme(): string {
    return join(this.folder, 'README.txt');
  }
  get pins(): string {
    return join(this.folder, 'pins.json');
  }
  get models(): string {
    return join(this.folder, 'models');
  }
  get added(): string {
    return join(this.folder, 'added');
  }
  get downloads(): string {
    return join(this.folder, 'downloads');
  }

  /** Filled by `models/onnx/derived-file.ts`. */
  get derived(): string {
    return join(this.folder, '.derived');
  }

  /** A downloaded version. */
  modelOf(entry: ModelEntry): string {
    return join(this.models, entry.id, versionFolder(entry));
  }
  /** What is fetched of a version so far. */
  downloadOf(entry: ModelEntry): string {
    return join(this.downloads, entry.id, versionFolder(entry));
  }
  addedOf(id: string): string {
    return join(this.added, id);
  }
  lockOf(id: string): string {
    return join(this.folder, 'locks', `${id}.lock`);
  }
}

/** Entries of one version that name other files are other folders: what a process uses is never exchanged below it. */
function versionFolder(entry: ModelEntry): string {
  const contents = entry.files.map(({ name, url, sha256, archive }) => [name, sha256 ?? [url, archive?.member]]);
  const fingerprint = createHash('sha256').update(JSON.stringify(contents)).digest('hex').slice(0, 8);
  return `${entry.version.replaceAll(/[^A-Za-z0-9._-]/g, '-')}-${fingerprint}`;
}
