import { type ParsedPlaylist, parsePlaylist } from '../../tests/helpers/hls-playlist.js';
import { sharedNowMs } from './clock.js';
import { type PlayOptions, pause } from './flv-player.js';
import { Fmp4Reader } from './fmp4-reader.js';

/** What an {@link HlsPlayer} needs and tells. */
export interface HlsPlayerOptions extends PlayOptions {
  /** The master playlist. */
  readonly url: string;
  /** Folder for what FFmpeg is to read. */
  readonly work: string;
  /** A part has come, and all its pieces have been taken. @param holdBackMs The distance to the live edge that the playlist asks players to keep. */
  readonly partEnded?: ((arrivedMs: number, holdBackMs: number) => void) | undefined;
}

/**
 * A low-latency player without a buffer: asks for each part as soon as it is hinted at, and reloads the media playlist by blocking requests. It begins at the last part
 * that can be decoded by itself.
 */
export class HlsPlayer {
  readonly #options: HlsPlayerOptions;
  readonly #reader: Fmp4Reader;
  #taken = new Set<string>();
  #map: string | undefined;

  constructor(options: HlsPlayerOptions) {
    this.#options = options;
    this.#reader = new Fmp4Reader(options.work);
  }

  /** Plays as long as there is something, and tries again when there is not. Resolves when the signal aborts. */
  async play(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      await this.#playOnce();
      await pause(signal);
    }
  }

  async #playOnce(): Promise<void> {
    const master = await this.#load(this.#options.url);
    const lines = master?.toString().split('\n') ?? [];
    const variant = lines.find((line) => line !== '' && !line.startsWith('#'));
    if (variant === undefined) return;
    const media = new URL(variant, this.#options.url);
    this.#taken = new Set();
    this.#options.connected?.();
    for (let query = ''; ; ) {
      const text = await this.#load(`${media.href}${query}`);
      if (text === undefined) return;
      const playlist = parsePlaylist(text.toString());
      await this.#follow(playlist, media);
      if (playlist.ended) return;
      query = nextReload(playlist);
    }
  }

  /** Takes what is new in the playlist, and the part that comes next. */
  async #follow({ segments, control, hint }: ParsedPlaylist, media: URL): Promise<void> {
    const holdBackMs = Number(control?.get('PART-HOLD-BACK') ?? 0) * 1000;
    const parts = segments.flatMap(({ parts, map }) =>
      parts.map(({ uri, independent }) => ({ uri, independent, map })),
    );
    const isFirst = this.#taken.size === 0;
    const start = isFirst ? parts.findLastIndex(({ independent }) => independent) : 0;
    const known = new Set(parts.map(({ uri }) => uri));
    for (const { uri, map } of start < 0 ? [] : parts.slice(start)) {
      if (!this.#taken.has(uri)) await this.#take(uri, map, media, holdBackMs);
    }
    if (start < 0) return;
    const ahead = hint !== undefined && !this.#taken.has(hint);
    if (ahead) await this.#take(hint, segments.at(-1)?.map, media, holdBackMs);
    this.#taken = ahead ? known.add(hint) : known;
  }

  async #take(uri: string, map: string | undefined, media: URL, holdBackMs: number): Promise<void> {
    const bytes = await this.#load(new URL(uri, media).href);
    const arrivedMs = sharedNowMs();
    if (bytes === undefined) return;
    if (map !== undefined && map !== this.#map) {
      const header = await this.#load(new URL(map, media).href);
      if (header === undefined) return;
      this.#reader.setHeader(header);
      this.#map = map;
    }
    for (const piece of this.#reader.read(bytes, arrivedMs)) this.#options.take(piece);
    this.#options.partEnded?.(arrivedMs, holdBackMs);
  }

  /** Nothing where there is nothing. */
  async #load(url: string): Promise<Buffer | undefined> {
    try {
      const answer = await fetch(url, { signal: this.#options.signal });
      const body = Buffer.from(await answer.arrayBuffer());
      return answer.ok ? body : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The query of the request that waits for the next part. */
function nextReload({ segments, mediaSequence }: ParsedPlaylist): string {
  const last = segments.at(-1);
  if (last === undefined) return `?_HLS_msn=${mediaSequence}&_HLS_part=0`;
  if (last.uri !== undefined) return `?_HLS_msn=${last.sequence + 1}&_HLS_part=0`;
  return `?_HLS_msn=${last.sequence}&_HLS_part=${last.parts.length}`;
}
