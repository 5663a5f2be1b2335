import { VitascopeError } from '../../pipeline/index.js';
import type { EncodedPacket, EncodedTrack, LiveOutput, LiveOutputMetrics } from '../live/live-types.js';
import type { HlsRendition } from './hls-rendition.js';
import { HlsStream, type HlsStreamOptions } from './hls-stream.js';

/** Which stream an {@link HlsOutput} feeds, and as what. */
export interface HlsOutputOptions {
  readonly stream: HlsStream;
  /** Of the rendition, `[A-Za-z0-9_-]+`. Default `main`. */
  readonly rendition?: string | undefined;
  /** Closes the stream with the output: for a stream with this rendition only. Default false. */
  readonly closesStream?: boolean | undefined;
  /** Hears once of each thing that went wrong. */
  readonly onTrouble?: ((error: VitascopeError) => void) | undefined;
}

/** Feeds one rendition of an HLS stream. Several outputs on one stream share its master playlist. */
export class HlsOutput implements LiveOutput {
  readonly name: string;
  readonly stream: HlsStream;
  readonly #options: HlsOutputOptions;
  readonly #told = new Set<VitascopeError>();
  #rendition: HlsRendition | undefined;

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.name = `hls:${options.rendition ?? 'main'}`;
  }

  /** Begins the rendition; when it runs already, its codecs change. @throws VitascopeError `CONTAINER_CODEC`, `OPTION_INVALID` */
  open(tracks: readonly EncodedTrack[]): Promise<void> {
    try {
      if (this.#rendition !== undefined) this.#rendition.changeTracks(tracks);
      else this.#rendition = this.stream.addRendition(this.#options.rendition ?? 'main', tracks);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  write(packet: EncodedPacket): void {
    if (this.#rendition === undefined) throw new VitascopeError('OPTION_INVALID', `${this.name}: write before open`);
    this.#rendition.write(packet);
    this.#tell();
  }

  tracksChanged(tracks: readonly EncodedTrack[]): void {
    this.#rendition?.changeTracks(tracks);
  }

  discontinuity(): void {
    this.#rendition?.discontinuity();
  }

  async close(): Promise<void> {
    this.#rendition?.close();
    if (this.#options.closesStream === true) await this.stream.close();
    this.#tell();
  }

  /** `failed` also when only the folder cannot be written any more: viewers of the memory are served on. */
  metrics(): LiveOutputMetrics {
    const counts = this.#rendition?.counts ?? { bytesOut: 0, packetsDropped: 0, queued: 0 };
    return { state: this.#state, ...counts, reconnects: 0 };
  }

  get #state(): LiveOutputMetrics['state'] {
    if (this.#rendition === undefined) return 'connecting';
    if (this.#rendition.error !== undefined || this.stream.folderError !== undefined) return 'failed';
    return this.#rendition.closed ? 'closed' : 'open';
  }

  #tell(): void {
    for (const error of [this.#rendition?.error, this.stream.folderError]) {
      if (error === undefined || this.#told.has(error)) continue;
      this.#told.add(error);
      this.#options.onTrouble?.(error);
    }
  }
}

/** An output for `hls:FOLDER`: one rendition, written for a server of plain files. */
export function hlsFolderOutput(
  folder: string,
  options: HlsStreamOptions & Pick<HlsOutputOptions, 'onTrouble'> = {},
): HlsOutput {
  const { onTrouble, ...stream } = options;
  return new HlsOutput({ stream: new HlsStream({ ...stream, folder }), closesStream: true, onTrouble });
}
