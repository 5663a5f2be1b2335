import { createHash } from 'node:crypto';
import type { CatalogFile } from '../catalog/catalog-entry.js';

/** One download: a file of a model, or an archive with one or more of them. */
export interface FileTransfer {
  /** File name in the folder of the download. */
  readonly name: string;
  readonly url: string;
  readonly mirrors?: readonly string[] | undefined;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  /** Format, if it is an archive. */
  readonly archive: 'zip' | 'tar' | 'tar.gz' | undefined;
  /** What comes of it. */
  readonly files: readonly CatalogFile[];
}

/** The downloads that give the files of a model; an archive with several of them is fetched once. */
export function planTransfers(files: readonly CatalogFile[]): readonly FileTransfer[] {
  const archives = new Map<string, CatalogFile[]>();
  const transfers: FileTransfer[] = [];
  for (const file of files) {
    const { name, url, mirrors, bytes, sha256, archive } = file;
    if (archive === undefined) {
      transfers.push({ name, url, mirrors, bytes, sha256, archive: undefined, files: [file] });
      continue;
    }
    const together = archives.get(url);
    if (together !== undefined) {
      together.push(file);
      continue;
    }
    const members = [file];
    archives.set(url, members);
    const { format } = archive;
    transfers.push({
      name: `archive-${createHash('sha256').update(url).digest('hex').slice(0, 8)}`,
      url,
      mirrors,
      bytes: archive.bytes,
      sha256: archive.sha256,
      archive: format,
      files: members,
    });
  }
  return transfers;
}
