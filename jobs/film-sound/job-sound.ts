import type { Microseconds } from '../../pipeline/index.js';
import type { AddedSound } from '../../streams/file/assemble.js';
import { removeMadeSound } from '../../streams/file/made-sound.js';
import type { FilmWriter, WriteFileOptions } from '../../streams/file/write-file.js';
import type { Film } from '../../streams/film.js';
import { type FilmSoundResult, renderSound } from './render-sound.js';
import type { SoundPlan } from './sound-plan.js';

/** Sound that is ready to be muxed, if there is some. */
export interface JobSoundTrack {
  /** Nothing for graphs that make no sound. */
  readonly result: FilmSoundResult | undefined;
  readonly track: AddedSound | undefined;
  /** Removes the file of the track. */
  remove(): Promise<void>;
}

/** The sound that a film job makes when its pieces are finished. */
export class JobSound {
  readonly #plan: SoundPlan;
  readonly #film: Film;
  readonly #writer: FilmWriter;
  readonly #options: Pick<WriteFileOptions, 'signal' | 'onProgress'>;

  constructor(
    plan: SoundPlan,
    film: Film,
    writer: FilmWriter,
    options: Pick<WriteFileOptions, 'signal' | 'onProgress'>,
  ) {
    this.#plan = plan;
    this.#film = film;
    this.#writer = writer;
    this.#options = options;
  }

  /**
   * Makes the sound of the pieces that are there.
   *
   * @param untilUs Where a film ends that is not finished.
   * @throws as {@link renderSound}
   */
  async make(untilUs?: Microseconds): Promise<JobSoundTrack> {
    const { sound, whyNot } = this.#plan;
    const { folder, pieces, container } = this.#writer;
    const codec = container.soundCodec;
    if (sound === undefined || codec === undefined || pieces.length === 0) {
      const result = whyNot && ({ made: false, ...whyNot } as const);
      return { result, track: undefined, remove: async () => undefined };
    }
    const { signal } = this.#options;
    const onProgress = (share: number): void => this.#tell(share);
    const made = await renderSound({ sound, film: this.#film, folder, pieces, codec, untilUs, signal, onProgress });
    const { track } = made;
    return {
      ...made,
      remove: async () => {
        if (track !== undefined) await removeMadeSound(track);
      },
    };
  }

  #tell(share: number): void {
    const { frames, pieces } = this.#writer;
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
    const { fromUs = 0, toUs = this.#film.info.durationUs ?? pieces.at(-1)?.untilUs ?? 0 } = this.#film.range;
    this.#options.onProgress?.({ phase: 'sound', frames, ptsUs: Math.round(share * (toUs - fromUs)), bytes });
  }
}
