import { setTimeout as delay } from 'node:timers/promises';
import pRetry, { AbortError } from 'p-retry';
import { VitascopeError } from '../../pipeline/errors.js';
import { cacheError, stopped, tooLittleSpace } from './cache-errors.js';
import type { FetchedFile, FetchFile } from './http.js';
import { requestFile } from './http.js';
import type { DownloadOptions } from './library-settings.js';
import { PartFile } from './part-file.js';
import { StallWatch } from './stall-watch.js';
import { isPassing, rangeHeaders, readTransfer } from './transfer-plan.js';

/** A file to fetch. */
export interface DownloadRequest {
  /** For messages, such as `model ddcolor-tiny`. */
  readonly who: string;
  /** Tried in order. */
  readonly addresses: readonly string[];
  /** Where the finished file shall lie; its part lies beside it. */
  readonly path: string;
  /** Expected size. */
  readonly bytes?: number | undefined;
  /** Expected digest, hex. */
  readonly sha256?: string | undefined;
  /** Where the expected digest stands, when it is not the publisher's. */
  readonly pinnedIn?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the file that are here, and its size if it is known. */
  readonly onBytes?: (bytes: number, total: number | undefined) => void;
}

/** What downloads need of their surroundings. */
export interface DownloadTools extends Required<DownloadOptions> {
  readonly fetch: FetchFile;
  /** Bytes that are free where the file will lie. */
  readonly freeBytes: () => Promise<number>;
}

/** A file that was fetched. */
export interface Downloaded {
  readonly sha256: string;
  readonly bytes: number;
  /** Which of the addresses it came from. */
  readonly url: string;
}

/** An attempt that brought this many new bytes was worth it, and is not counted against the address. */
const WORTH_BYTES = 1 << 16;
const MAX_DELAY_MS = 30_000;

/**
 * Fetches a file: goes on from a part if there is one, tries again after failures that may pass, then the next address. The digest is
 * computed while bytes arrive; a file with a wrong one is removed. After an abort or a failure the part stays.
 *
 * @throws VitascopeError `DOWNLOAD_FAILED` (`context`: `url`, `status`), `MODEL_HASH`, `MODEL_CACHE`, `MODEL_CACHE_FULL`, `ABORTED`.
 */
export async function downloadFile(request: DownloadRequest, tools: DownloadTools): Promise<Downloaded> {
  const failures: VitascopeError[] = [];
  for (const url of request.addresses) {
    try {
      return await fromAddress(url, request, tools);
    } catch (error) {
      const failure = asFailure(error, url, request);
      if (failure.code !== 'DOWNLOAD_FAILED' && failure.code !== 'MODEL_HASH') throw failure;
      failures.push(failure);
    }
  }
  throw allFailed(request, failures);
}

async function fromAddress(url: string, request: DownloadRequest, tools: DownloadTools): Promise<Downloaded> {
  const { signal } = request;
  if (signal?.aborted === true) throw stopped(request.who);
  const part = await PartFile.open(request.path, signal);
  let best = part.bytes;
  let gained = 0;
  try {
    return await pRetry(
      async () => {
        try {
          return await new Attempt(url, part, request, tools).run();
        } finally {
          gained = part.bytes - best;
          best = Math.max(best, part.bytes);
        }
      },
      {
        retries: tools.retries,
        minTimeout: tools.retryDelayMs,
        maxTimeout: MAX_DELAY_MS,
        randomize: true,
        signal,
        onFailedAttempt: async ({ error, retriesLeft }) => {
          const asked = error instanceof VitascopeError ? Number(error.context.retryAfterMs ?? 0) : 0;
          const pause = Math.min(asked, MAX_DELAY_MS) + (gained >= WORTH_BYTES ? tools.retryDelayMs : 0);
          if (retriesLeft > 0 && pause > 0) await delay(pause, undefined, signal && { signal });
        },
        shouldConsumeRetry: () => gained < WORTH_BYTES,
      },
    );
  } finally {
    await part.close();
  }
}

/** One request, and what comes of it. */
class Attempt {
  readonly #url: string;
  readonly #part: PartFile;
  readonly #request: DownloadRequest;
  readonly #tools: DownloadTools;
  readonly #watch: StallWatch;
  readonly #end = new AbortController();

  constructor(url: string, part: PartFile, request: DownloadRequest, tools: DownloadTools) {
    this.#url = url;
    this.#part = part;
    this.#request = request;
    this.#tools = tools;
    this.#watch = new StallWatch(tools.stallTimeoutMs);
  }

  /** @throws AbortError around what another attempt would not mend. */
  async run(): Promise<Downloaded> {
    try {
      if (!(await this.#isComplete())) await this.#fetch();
      return await this.#finish();
    } catch (error) {
      throw this.#verdict(error);
    } finally {
      this.#watch.stop();
      // Whatever was not read of the response is given up.
      this.#end.abort();
    }
  }

  /** A process may have died between the last byte and the new name. What is complete but wrong is thrown away. */
  async #isComplete(): Promise<boolean> {
    const { sha256, bytes } = this.#request;
    const part = this.#part;
    if (part.bytes === 0) return false;
    const expected = bytes ?? part.source?.total;
    const sameAddress = part.source?.url === this.#url;
    if (part.bytes === expected && (sha256 === undefined ? sameAddress : part.sha256 === sha256)) return true;
    if (expected !== undefined && part.bytes >= expected) await part.restart();
    return false;
  }

  async #fetch(): Promise<void> {
    const { sha256, signal } = this.#request;
    const signals = [this.#watch.signal, this.#end.signal, ...(signal === undefined ? [] : [signal])];
    const range = rangeHeaders(this.#part, this.#url, sha256 !== undefined);
    const headers = { 'accept-encoding': 'identity', ...range };
    const { response } = await requestFile(this.#tools.fetch, this.#url, headers, AbortSignal.any(signals));
    const transfer = readTransfer(response, this.#part, this.#url, 'range' in range);
    if (transfer.kind === 'mismatch') {
      await this.#part.restart();
      throw this.#failure(`cannot be resumed: ${transfer.why}`);
    }
    await this.#checkSize(response, transfer.total);
    if (transfer.kind === 'whole') await this.#part.restart(transfer.source);
    await this.#receive(response, transfer.total);
  }

  async #checkSize(response: FetchedFile, total: number | undefined): Promise<void> {
    const { bytes, path, who } = this.#request;
    if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '') && !path.endsWith('.html')) {
      throw new AbortError(this.#failure('sent a web page in place of the file; a login page of the network, perhaps'));
    }
    if (bytes !== undefined && total !== undefined && total !== bytes) {
      throw new AbortError(this.#failure(`offers ${total} bytes, the file must have ${bytes}`));
    }
    const size = bytes ?? total;
    if (size === undefined) return;
    if (size > this.#tools.maxFileBytes) {
      throw new AbortError(this.#failure(`offers ${size} bytes, at most ${this.#tools.maxFileBytes} are allowed`));
    }
    const [needed, free] = [size - this.#part.bytes, await this.#tools.freeBytes()];
    if (needed > free) throw tooLittleSpace(who, path, needed, free);
  }

  async #receive(response: FetchedFile, total: number | undefined): Promise<void> {
    const part = this.#part;
    const size = this.#request.bytes ?? total;
    const limit = size ?? this.#tools.maxFileBytes;
    this.#request.onBytes?.(part.bytes, size);
    for await (const chunk of response.body ?? []) {
      if (part.bytes + chunk.length > limit) {
        await part.restart();
        throw new AbortError(this.#failure(`sends more than ${limit} bytes`));
      }
      await part.append(chunk);
      this.#watch.arrived(chunk.length);
      this.#request.onBytes?.(part.bytes, size);
    }
    const expected = total ?? this.#request.bytes;
    if (expected !== undefined && part.bytes < expected) {
      throw this.#failure(`ended after ${part.bytes} of ${expected} bytes`);
    }
  }

  async #finish(): Promise<Downloaded> {
    const { sha256: expected, who, pinnedIn } = this.#request;
    const part = this.#part;
    const { sha256, bytes } = part;
    if (expected !== undefined && sha256 !== expected) {
      await part.discard();
      const remedy =
        pinnedIn === undefined
          ? 'the file was removed'
          : `that is the digest of the first download; the file was removed. If its publisher replaced it for good, delete its line in ${pinnedIn}`;
      throw new VitascopeError(
        'MODEL_HASH',
        `${who}: ${this.#url} must have SHA-256 ${expected}, got ${sha256} (${bytes} bytes); ${remedy}`,
        { context: { url: this.#url, expected, actual: sha256, bytes } },
      );
    }
    await part.finish();
    return { sha256, bytes, url: this.#url };
  }

  #failure(what: string): VitascopeError {
    return new VitascopeError('DOWNLOAD_FAILED', `${this.#url} ${what}`, { context: { url: this.#url } });
  }

  #verdict(error: unknown): Error {
    if (error instanceof AbortError) return error;
    const { signal, who } = this.#request;
    if (signal?.aborted === true) return new AbortError(stopped(who, error));
    if (this.#watch.signal.aborted) {
      return this.#failure(`stalled: less than a kilobyte came in ${this.#tools.stallTimeoutMs / 1000} s`);
    }
    if (error instanceof VitascopeError) return isWorthAnother(error) ? error : new AbortError(error);
    const reason = networkReason(error);
    const failure = new VitascopeError('DOWNLOAD_FAILED', `${this.#url} cannot be fetched: ${reason}`, {
      context: { url: this.#url, reason },
      cause: error,
    });
    return reason.includes('ENOTFOUND') ? new AbortError(failure) : failure;
  }
}

function isWorthAnother(error: VitascopeError): boolean {
  const { status, redirect } = error.context;
  if (error.code !== 'DOWNLOAD_FAILED' || redirect === true) return false;
  return typeof status !== 'number' || isPassing(status);
}

/** `fetch failed` says nothing; the causes below it do. */
function networkReason(error: unknown): string {
  const words: string[] = [];
  for (let e = error; e instanceof Error && words.length < 4; e = e.cause) {
    const { code } = e as NodeJS.ErrnoException;
    words.push(code !== undefined && !e.message.includes(code) ? `${e.message} (${code})` : e.message || String(code));
  }
  return [...new Set(words)].join(': ') || String(error);
}

/** p-retry and timers reject with the signal's reason, and the file system with errors of its own. */
function asFailure(error: unknown, url: string, request: DownloadRequest): VitascopeError {
  if (error instanceof VitascopeError) return error;
  if (request.signal?.aborted === true) return stopped(request.who, error);
  return (error as NodeJS.ErrnoException).syscall === undefined
    ? new VitascopeError('DOWNLOAD_FAILED', `${url}: ${networkReason(error)}`, { context: { url }, cause: error })
    : cacheError(request.path, error);
}

/** Of several failures a wrong digest weighs most. */
function allFailed({ who }: DownloadRequest, failures: readonly VitascopeError[]): VitascopeError {
  const worst = failures.find(({ code }) => code === 'MODEL_HASH') ?? failures[0];
  if (worst === undefined) return new VitascopeError('DOWNLOAD_FAILED', `${who} has no address to fetch it from`);
  const lines = failures.map(({ message }) => message);
  const message = failures.length === 1 ? `${lines[0]}` : `all addresses failed:\n  ${lines.join('\n  ')}`;
  const text = message.startsWith(who) ? message : `${who}: ${message}`;
  return new VitascopeError(worst.code, text, { context: worst.context, cause: worst.cause ?? worst });
}
