import { resolve } from 'node:path';
import envPaths from 'env-paths';
import { VitascopeError } from '../../pipeline/errors.js';
import type { CatalogEntry } from '../catalog/catalog-entry.js';
import { builtinCatalog } from '../catalog/load-catalog.js';
import type { FetchFile } from './http.js';

/** How patient downloads are. */
export interface DownloadOptions {
  /** Attempts after the first one that fetch nothing new before an address is given up. Default 5. */
  readonly retries?: number;
  /** Wait before the first of them, ms; later ones double it up to 30 s, and chance adds up to as much again. Default 500. */
  readonly retryDelayMs?: number;
  /** A connection that brings less than a kilobyte in this time is given up, ms. Default 30,000. */
  readonly stallTimeoutMs?: number;
  /** Largest file where the catalog gives no size, bytes. Default 16 GiB. */
  readonly maxFileBytes?: number;
}

/** Options of a `ModelLibrary`. What is absent comes from the environment. */
export interface ModelLibraryOptions {
  /** Where models lie. Default: `VITASCOPE_MODELS`, else `vitascope/models` in the platform's folder for caches. */
  readonly folder?: string;
  /** Base address that all downloads go to instead of their own. Default: `VITASCOPE_MODEL_MIRROR`. */
  readonly mirror?: string;
  /** Never opens a connection. Default: `VITASCOPE_OFFLINE`, unless it is empty, `0` or `false`. */
  readonly offline?: boolean;
  /** What makes requests. Default: undici's, with the proxies of `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`. */
  readonly fetch?: FetchFile;
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** The models that can be pulled. Default: those that the package knows. */
  readonly catalog?: readonly CatalogEntry[];
  /** How patient downloads are. */
  readonly download?: DownloadOptions;
  /** A lock that its owner has not refreshed for this long is taken over, ms, at least 2000. Default 10,000. */
  readonly staleLockMs?: number;
  /** Tells how many bytes are free where a folder lies. Default: what the file system says. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** {@link ModelLibraryOptions} with everything filled in. */
export interface LibrarySettings {
  readonly folder: string;
  readonly mirror: string | undefined;
  readonly offline: boolean;
  readonly fetch: FetchFile | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly catalog: readonly CatalogEntry[];
  readonly download: Required<DownloadOptions>;
  readonly staleLockMs: number;
  readonly freeBytes: ((folder: string) => Promise<number>) | undefined;
}

/** @throws VitascopeError `OPTION_INVALID` */
export function librarySettings(options: ModelLibraryOptions): LibrarySettings {
  const env = options.env ?? process.env;
  const { retries = 5, retryDelayMs = 500, stallTimeoutMs = 30_000, maxFileBytes = 2 ** 34 } = options.download ?? {};
  const staleLockMs = options.staleLockMs ?? 10_000;
  const counts = { retries, retryDelayMs, stallTimeoutMs, maxFileBytes, staleLockMs };
  const smallest = { retries: 0, retryDelayMs: 0, stallTimeoutMs: 1, maxFileBytes: 1, staleLockMs: 2000 };
  for (const [name, value] of Object.entries(counts)) {
    atLeast(name, value, smallest[name as keyof typeof counts]);
  }
  return {
    folder: resolve(options.folder ?? nonEmpty(env.VITASCOPE_MODELS) ?? defaultFolder()),
    mirror: mirrorBase(options.mirror ?? nonEmpty(env.VITASCOPE_MODEL_MIRROR)),
    offline: options.offline ?? !['', '0', 'false'].includes((env.VITASCOPE_OFFLINE ?? '').toLowerCase()),
    fetch: options.fetch,
    env,
    catalog: options.catalog ?? builtinCatalog(),
    download: { retries, retryDelayMs, stallTimeoutMs, maxFileBytes },
    staleLockMs,
    freeBytes: options.freeBytes,
  };
}

function atLeast(name: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new VitascopeError('OPTION_INVALID', `ModelLibrary: ${name} must be at least ${least}, got ${value}`, {
    context: { option: name, value },
  });
}

function mirrorBase(mirror: string | undefined): string | undefined {
  if (mirror === undefined) return undefined;
  const url = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '') {
    return url.href.replace(/\/+$/, '');
  }
  throw new VitascopeError(
    'OPTION_INVALID',
    `ModelLibrary: the mirror (VITASCOPE_MODEL_MIRROR) must be an http or https address without a query, got "${mirror}"`,
    { context: { option: 'mirror', value: mirror } },
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function defaultFolder(): string {
  return resolve(envPaths('vitascope', { suffix: '' }).cache, 'models');
}
