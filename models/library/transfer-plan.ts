import { VitascopeError } from '../../pipeline/errors.js';
import type { FetchedFile } from './http.js';
import type { PartSource } from './part-file.js';

/** What is known of the part before a request. */
export interface PartState {
  readonly bytes: number;
  readonly source: PartSource | undefined;
}

/**
 * Headers that ask for the rest of a file; none of them when it must be fetched from its first byte.
 *
 * @param digestKnown The finished file will be compared with a published digest, so that bytes of unclear origin do no harm.
 */
export function rangeHeaders(part: PartState, url: string, digestKnown: boolean): Record<string, string> {
  if (part.bytes === 0 || part.source === undefined) return {};
  const sameAddress = part.source.url === url;
  const validator = sameAddress ? validatorOf(part.source) : undefined;
  if (validator === undefined && !digestKnown) return {};
  return { range: `bytes=${part.bytes}-`, ...(validator !== undefined && { 'if-range': validator }) };
}

/** `If-Range` takes strong tags and dates only. */
function validatorOf({ etag, lastModified }: PartSource): string | undefined {
  return etag !== undefined && !etag.startsWith('W/') ? etag : lastModified;
}

/** What a response brings. */
export type Transfer =
  /** The rest of the file, from where the part ends. */
  | { readonly kind: 'rest'; readonly total: number | undefined }
  /** The file from its first byte. */
  | { readonly kind: 'whole'; readonly total: number | undefined; readonly source: PartSource }
  /** Nothing that fits the part: it must be thrown away, and the request made again. */
  | { readonly kind: 'mismatch'; readonly why: string };

/**
 * Reads status and headers of a response.
 *
 * @throws VitascopeError `DOWNLOAD_FAILED` when it brings no file; `context.status` tells why.
 */
export function readTransfer(response: FetchedFile, part: PartState, url: string, asked: boolean): Transfer {
  const { status, headers } = response;
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  if (status === 416 && asked) return { kind: 'mismatch', why: 'the server has less than what is here' };
  if (status === 206 && asked) return readRange(part, url, header);
  if (status !== 200) throw statusError(url, status, header('retry-after'));
  const total = encoded(header) ? undefined : wholeNumber(header('content-length'));
  return { kind: 'whole', total, source: sourceOf(url, header, total) };
}

function readRange(part: PartState, url: string, header: (name: string) => string | undefined): Transfer {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '') ?? [];
  const total = wholeNumber(size);
  if (Number(start) !== part.bytes || encoded(header)) {
    return { kind: 'mismatch', why: `the server sent the range "${header('content-range') ?? ''}"` };
  }
  const [before, now] = [part.source?.etag, header('etag')];
  // Some servers do not know If-Range.
  const otherTag = part.source?.url === url && before !== undefined && now !== undefined && before !== now;
  const otherSize = part.source?.total !== undefined && total !== undefined && part.source.total !== total;
  if (otherTag || otherSize) return { kind: 'mismatch', why: 'the file changed' };
  return { kind: 'rest', total: total ?? part.source?.total };
}

function sourceOf(url: string, header: (name: string) => string | undefined, total: number | undefined): PartSource {
  const [etag, lastModified] = [header('etag'), header('last-modified')];
  return {
    url,
    ...(etag !== undefined && { etag }),
    ...(lastModified !== undefined && { lastModified }),
    ...(total !== undefined && { total }),
  };
}

/** `fetch` decodes such bodies: lengths then tell nothing. */
function encoded(header: (name: string) => string | undefined): boolean {
  return !['', 'identity'].includes(header('content-encoding') ?? '');
}

function wholeNumber(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

const WORDS: Readonly<Record<number, string>> = {
  401: 'it wants a login',
  403: 'access is denied',
  404: 'there is no such file',
  407: 'the proxy wants a login',
  410: 'the file was taken away',
  429: 'it was asked too often',
};

function statusError(url: string, status: number, retryAfter: string | undefined): VitascopeError {
  const words = WORDS[status] ?? (status >= 500 ? 'the server has a problem' : 'expected 200');
  const seconds = wholeNumber(retryAfter);
  return new VitascopeError('DOWNLOAD_FAILED', `${url} answered ${status}: ${words}`, {
    context: { url, status, ...(seconds !== undefined && { retryAfterMs: seconds * 1000 }) },
  });
}

/** True for an answer that may be another one in a moment. */
export function isPassing(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}
