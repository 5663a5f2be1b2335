import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import type { Parser, ReadEntry } from 'tar';
import { VitascopeError } from '../../pipeline/errors.js';
import { type ArchiveRequest, type Extracted, MemberMatcher, writeMember } from './archive-member.js';

/** Bytes that one compressed byte may become. Weights hardly shrink at all. */
const MAX_RATIO = 200;
const FILE_TYPES: readonly string[] = ['File', 'OldFile', 'ContiguousFile'];

/**
 * Takes files out of a tar archive, plain or compressed with gzip.
 *
 * @throws VitascopeError `MODEL_INVALID` for damaged or hostile archives, `MODEL_CACHE`, `MODEL_CACHE_FULL`.
 */
export async function extractTar(request: ArchiveRequest): Promise<Extracted> {
  const { Parser: TarParser } = await import('tar');
  const matcher = new MemberMatcher(request);
  const extracted: Extracted = new Map();
  const stop = new AbortController();
  let failure: unknown;
  const writing: Promise<void>[] = [];
  const entries: ReadEntry[] = [];
  const fail = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = error;
    stop.abort();
    // Whoever still reads one of them would wait for ever.
    for (const entry of entries) entry.destroy(error);
  };
  const parser = new TarParser({
    strict: true,
    maxDecompressionRatio: MAX_RATIO,
    onReadEntry: (entry) => {
      entry.on('error', fail);
      entries.splice(0, entries.length, entry);
      writing.push(take(entry, request, matcher, extracted).catch(fail));
    },
  });
  parser.on('error', fail);
  try {
    await feed(parser, request, stop.signal);
  } catch (error) {
    fail(error);
  }
  await Promise.all(writing);
  if (failure === undefined) {
    matcher.finish();
    return extracted;
  }
  if (failure instanceof VitascopeError || request.signal.aborted) throw failure;
  throw matcher.invalid(`is damaged: ${(failure as Error).message}`, failure);
}

async function feed(parser: Parser, { archive, signal }: ArchiveRequest, stop: AbortSignal): Promise<void> {
  const any = AbortSignal.any([signal, stop]);
  const ended = once(parser, 'end', { signal: any });
  // Whatever ends it is thrown below, or by the loop before.
  ended.catch(() => undefined);
  for await (const chunk of createReadStream(archive, { highWaterMark: 1 << 16 })) {
    any.throwIfAborted();
    if (!parser.write(chunk as Buffer)) await once(parser, 'drain', { signal: any });
  }
  parser.end();
  await ended;
}

async function take(
  entry: ReadEntry,
  request: ArchiveRequest,
  matcher: MemberMatcher,
  extracted: Extracted,
): Promise<void> {
  const [wanted, ...more] = matcher.match(entry.path, FILE_TYPES.includes(entry.type), entry.size);
  if (wanted === undefined) {
    entry.resume();
    return;
  }
  if (more.length > 0) throw matcher.invalid(`cannot give "${entry.path}" under two names`);
  extracted.set(wanted.path, await writeMember(entry, wanted.path, entry.size, request));
}
