import { VitascopeError } from '../../pipeline/index.js';
import type { EncodedTrack } from '../live/live-types.js';
import { ChangeSignal } from './change-signal.js';
import { HlsFolder, type HlsFolderFiles, type HlsFolderState } from './hls-folder.js';
import { HlsRendition, MEDIA_PLAYLIST } from './hls-rendition.js';
import type { HlsWindowLimits } from './hls-window.js';
import { type MasterVariant, masterPlaylist } from './master-playlist.js';
import type { HlsTimingOptions } from './part-timing.js';
import type { RenditionReport } from './playlist.js';
import { judgeReload, reloadRequest } from './reload-request.js';

/** The name of the playlist that viewers open. */
export const MASTER_PLAYLIST = 'index.m3u8';

/** How an HLS stream is cut, kept and delivered. */
export interface HlsStreamOptions extends HlsTimingOptions, HlsWindowLimits {
  /** Writes complete segments and playlists here as well, for a server of plain files. Default nowhere. */
  readonly folder?: string | undefined;
  /** Removes what was written when the stream is closed. Default false. */
  readonly removeFolder?: boolean | undefined;
  /** How files are written; for tests. */
  readonly files?: HlsFolderFiles | undefined;
  /** Names of the renditions that will come: the master playlist waits for them, and lists them in this order. Default those that are there. */
  readonly renditions?: readonly string[] | undefined;
  /** How long a request may wait for media, milliseconds. Default three target durations. */
  readonly waitMs?: number | undefined;
  /** Requests that may wait at once; further ones get 503. Default 1000. */
  readonly maxWaiting?: number | undefined;
}

/** What a viewer asks for. */
export interface HlsRequest {
  /** Below the stream, such as `index.m3u8` or `main/media.m3u8`; already percent-decoded. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
}

/** What a viewer gets. */
export interface HlsResponse {
  readonly status: 200 | 400 | 404 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * An HLS stream with its renditions: keeps what viewers may ask for in memory, within limits, and answers requests of whatever HTTP server there is. Names
 * are looked up among those that exist and never reach a file system.
 */
export class HlsStream {
  readonly #options: HlsStreamOptions;
  readonly #renditions = new Map<string, HlsRendition>();
  readonly #changes: ChangeSignal;
  readonly #folder: HlsFolder | undefined;
  #closed = false;

  constructor(options: HlsStreamOptions = {}) {
    this.#options = { token: Date.now().toString(36), ...options };
    this.#changes = new ChangeSignal(options.maxWaiting ?? 1000);
    if (options.folder !== undefined) {
      const removeAtEnd = options.removeFolder ?? false;
      this.#folder = new HlsFolder({ folder: options.folder, removeAtEnd, files: options.files });
    }
  }

  /** Bytes of media in memory. */
  get bytes(): number {
    return [...this.#renditions.values()].reduce((sum, { window }) => sum + window.bytes, 0);
  }

  /** Requests that wait for media. */
  get waiting(): number {
    return this.#changes.waiting;
  }

  /** Why the folder is not written any more; viewers that ask {@link handle} are not concerned. */
  get folderError(): VitascopeError | undefined {
    return this.#folder?.error;
  }

  /**
   * Adds a rendition; its packets go to what is returned.
   *
   * @param name `[A-Za-z0-9_-]+`, part of URLs.
   * @throws VitascopeError `OPTION_INVALID` for a name that cannot be one or is taken, `CONTAINER_CODEC`.
   */
  addRendition(name: string, tracks: readonly EncodedTrack[]): HlsRendition {
    if (!/^[\w-]{1,64}$/.test(name) || this.#renditions.has(name) || this.#closed) {
      throw new VitascopeError(
        'OPTION_INVALID',
        `HLS: a rendition cannot be called "${name}", or there is one already`,
      );
    }
    const rendition = new HlsRendition(name, tracks, this.#options, () => this.#changed());
    this.#renditions.set(name, rendition);
    return rendition;
  }

  /**
   * Answers a request. Playlists and parts that do not exist yet are waited for when the protocol says so.
   *
   * @throws the signal's reason when the viewer has gone.
   */
  async handle(request: HlsRequest, signal?: AbortSignal): Promise<HlsResponse> {
    if (request.path === MASTER_PLAYLIST) return await this.#master(signal);
    const [name = '', file = '', ...rest] = request.path.split('/');
    const rendition = this.#renditions.get(name);
    if (rendition === undefined || rest.length > 0) return notFound();
    if (file === MEDIA_PLAYLIST) return await this.#media(rendition, request.query ?? new URLSearchParams(), signal);
    return await this.#file(rendition, file, signal);
  }

  /** Ends all playlists, and waits until the folder is written, or removed. What is in memory can still be asked for. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const rendition of this.#renditions.values()) rendition.close();
    this.#changes.notify();
    await this.#folder?.close(this.#state());
  }

  #changed(): void {
    this.#changes.notify();
    if (!this.#closed) this.#folder?.update(() => this.#state());
  }

  #state(): HlsFolderState {
    const master = this.#isWhole() ? masterPlaylist(this.#variants()) : undefined;
    return { renditions: [...this.#renditions.values()], master };
  }

  /** Everything that viewers may choose from is there. */
  #isWhole(): boolean {
    const names = this.#options.renditions ?? [...this.#renditions.keys()];
    const all = names.every((name) => {
      const rendition = this.#renditions.get(name);
      return rendition !== undefined && (rendition.closed || rendition.variant() !== undefined);
    });
    return this.#closed || (all && this.#variants().length > 0);
  }

  async #master(signal: AbortSignal | undefined): Promise<HlsResponse> {
    if (!(await this.#changes.until(() => this.#isWhole(), this.#waitMs(), signal))) return unavailable();
    const variants = this.#variants();
    return variants.length === 0 ? notFound() : playlistResponse(masterPlaylist(variants), 'no-cache');
  }

  #variants(): MasterVariant[] {
    const order = this.#options.renditions ?? [];
    const renditions = [...this.#renditions.values()];
    const inOrder = renditions.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
    return inOrder.flatMap((rendition) => rendition.variant() ?? []);
  }

  async #media(rendition: HlsRendition, query: URLSearchParams, signal?: AbortSignal): Promise<HlsResponse> {
    const request = reloadRequest(query);
    if (request === undefined) return badRequest('_HLS_msn and _HLS_part must be whole numbers, and go together');
    const { waitFor } = request;
    const verdict = () => {
      const snapshot = rendition.window.snapshot();
      if (waitFor !== undefined) return judgeReload(waitFor, snapshot, rendition.timing.partTargetUs);
      // Players that know nothing of parts take a playlist without a segment for an empty one.
      return snapshot.segments.some(({ complete }) => complete) || snapshot.ended ? 'ready' : 'wait';
    };
    if (verdict() === 'too-far') return badRequest('that is too far ahead');
    const isReady = (): boolean => verdict() !== 'wait';
    if (!(await this.#changes.until(isReady, this.#waitMs(rendition), signal))) return unavailable();
    const text = rendition.playlist(rendition.window.snapshot(), this.#reports(rendition), request.skip);
    // What was asked for by number is the same for everybody for a while.
    return playlistResponse(
      text,
      waitFor === undefined ? 'no-cache' : `public, max-age=${rendition.timing.targetDurationS}`,
    );
  }

  #reports(own: HlsRendition): RenditionReport[] {
    const others = [...this.#renditions.values()].filter((rendition) => rendition !== own);
    return others.flatMap((rendition) => rendition.report() ?? []);
  }

  async #file(rendition: HlsRendition, file: string, signal: AbortSignal | undefined): Promise<HlsResponse> {
    const { window } = rendition;
    if (!rendition.closed && file === window.nextPartUri) {
      const isThere = (): boolean => rendition.closed || window.nextPartUri !== file;
      if (!(await this.#changes.until(isThere, this.#waitMs(rendition), signal))) return unavailable();
    }
    const body = window.find(file);
    if (body === undefined) return notFound();
    const headers = { 'content-type': 'video/mp4', 'cache-control': 'public, max-age=3600, immutable' };
    return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body };
  }

  #waitMs(rendition: HlsRendition | undefined = [...this.#renditions.values()][0]): number {
    return this.#options.waitMs ?? 3000 * (rendition?.timing.targetDurationS ?? 4);
  }
}

function playlistResponse(text: string, cacheControl: string): HlsResponse {
  const body = Buffer.from(text);
  const headers = { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': cacheControl };
  return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body };
}

function plain(status: HlsResponse['status'], text: string, more: Readonly<Record<string, string>> = {}): HlsResponse {
  const body = Buffer.from(`${text}\n`);
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...more };
  return { status, headers: { ...headers, 'content-length': String(body.length) }, body };
}

const notFound = (): HlsResponse => plain(404, 'There is no such thing here.');
const badRequest = (why: string): HlsResponse => plain(400, `Bad request: ${why}.`);
const unavailable = (): HlsResponse => plain(503, 'Nothing has come in time.', { 'retry-after': '1' });
