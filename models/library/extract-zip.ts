import type { Entry, ZipFile } from 'yauzl';
import { VitascopeError } from '../../pipeline/errors.js';
import {
  type ArchiveMember,
  type ArchiveRequest,
  type Extracted,
  MemberMatcher,
  writeMember,
} from './archive-member.js';

const MAX_ENTRIES = 100_000;

/**
 * Takes files out of a zip archive.
 *
 * @throws VitascopeError `MODEL_INVALID` for damaged or hostile archives, `MODEL_CACHE`, `MODEL_CACHE_FULL`.
 */
export async function extractZip(request: ArchiveRequest): Promise<Extracted> {
  const { openPromise } = await import('yauzl');
  const matcher = new MemberMatcher(request);
  const extracted: Extracted = new Map();
  try {
    const zip = await openPromise(request.archive, { lazyEntries: true, autoClose: false, strictFileNames: true });
    try {
      if (zip.entryCount > MAX_ENTRIES) throw matcher.invalid(`holds ${zip.entryCount} files`);
      const wanted: [ArchiveMember, Entry][] = [];
      for await (const entry of zip.eachEntry()) {
        const members = matcher.match(entry.fileName, isFile(entry), entry.uncompressedSize);
        wanted.push(...members.map((member): [ArchiveMember, Entry] => [member, entry]));
      }
      matcher.finish();
      for (const [{ path }, entry] of wanted) {
        if (entry.isEncrypted()) throw matcher.invalid(`holds "${entry.fileName}" encrypted`);
        extracted.set(path, await writeMember(contentOf(zip, entry), path, entry.uncompressedSize, request));
      }
    } finally {
      zip.close();
    }
    return extracted;
  } catch (error) {
    if (error instanceof VitascopeError || request.signal.aborted) throw error;
    throw matcher.invalid(`is damaged: ${(error as Error).message}`, error);
  }
}

/** Opened when it is read: a stream that fails before anybody listens takes the process along. */
async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await zip.openReadStreamPromise(entry);
  stream.on('error', () => undefined);
  yield* stream as AsyncIterable<Buffer>;
}

/** Unix file types stand in the upper half of the attributes; archives made elsewhere have none there. */
function isFile({ fileName, externalFileAttributes }: Entry): boolean {
  const type = (externalFileAttributes >>> 16) & 0o170000;
  return !fileName.endsWith('/') && (type === 0 || type === 0o100000);
}
