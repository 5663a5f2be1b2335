import { findProgrammeGain } from '../../operators/foley/mix/programme-gain.js';
import { SoundTrack, type SoundTrackOptions } from '../../operators/foley/track/sound-track.js';
import { type AudioSample, type Microseconds, toMicroseconds, VitascopeError } from '../../pipeline/index.js';
import type { AddedSound } from '../../streams/file/assemble.js';
import { type MadeSound, MadeSoundWriter } from '../../streams/file/made-sound.js';
import { type FilmPiece, holdsPictures } from '../../streams/file/piece.js';
import { readSoundTrack } from '../../streams/file/sound-track-reader.js';
import { timeOrigin } from '../../streams/file/video-frames.js';
import type { Film } from '../../streams/film.js';
import type { StereoCodec } from '../../streams/libav/stereo-encoder.js';
import type { FrameMetadata } from '../../streams/metadata/metadata-file.js';
import { frameLines } from '../film-records/piece-records.js';
import { countedMaker, type SoundCounts } from './counted-maker.js';
import { ExistingFeed } from './existing-feed.js';
import type { PlannedSound, WhyNoSound } from './sound-plan.js';

/** What became of the sound of a film; numbers are of the sound that was made, whatever else is heard with it. */
export type FilmSoundResult =
  | {
      readonly made: true;
      /** Integrated loudness (EBU R 128). */
      readonly lufs: number;
      /** Sounds that begin at a moment. */
      readonly events: number;
      /** Kinds of sound that last. */
      readonly beds: number;
    }
  | {
      readonly made: false;
      readonly why: WhyNoSound;
      /** Name of the first node that could have made some. */
      readonly node: string;
    };

/** Sound that is ready to be muxed, and what is to be said of it. */
export interface RenderedSound {
  readonly result: FilmSoundResult;
  /** Nothing where nothing is to be heard and no track waits to be replaced. */
  readonly track: AddedSound | undefined;
}

/** What {@link renderSound} needs. */
export interface SoundRendering {
  readonly sound: PlannedSound;
  readonly film: Film;
  /** The work folder: it holds the lines of the pieces, and takes the sound. */
  readonly folder: string;
  /** At least one. */
  readonly pieces: readonly FilmPiece[];
  readonly codec: StereoCodec;
  /** Leave out what comes after this moment: the film is not finished. */
  readonly untilUs?: Microseconds | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @param share Of the work, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Sound that is rendered between two turns of the event loop, and waits in memory. */
const STEP_US: Microseconds = 1_000_000;
/** What share of the work is done when a render begins, and when the last one ends: up to four to know the loudness, usually two, and one that is encoded. */
const SHARES = [0, 0.3, 0.5, 0.55, 0.6, 1] as const;
const ENCODING = SHARES.length - 2;
/** Made sound becomes at most so much louder, dB: a film in which hardly anything sounds stays quiet, instead of its room being blown up to the loudness of a talk. */
const MOST_UP_DB = 6;

/**
 * Makes the sound of a film of what operators found in its pictures, which lies with its finished pieces. It depends on that and the options alone: a film that was interrupted
 * gets the same samples. Lines are read one after the other, so that memory is constant.
 *
 * @throws VitascopeError what makers fail with (`OPTION_INVALID`, `INPUT_…`), `DECODER_MISSING`, `ENCODER_…`, `OUTPUT_UNWRITABLE`, `OUTPUT_DISK_FULL`, or the signal's reason
 */
export async function renderSound(rendering: SoundRendering): Promise<RenderedSound> {
  return await new SoundRenderer(rendering).render();
}

class SoundRenderer {
  readonly #rendering: SoundRendering;
  /** Of the pictures. */
  readonly #startUs: Microseconds;
  readonly #endUs: Microseconds;
  /** Which one it is, see {@link SHARES}. */
  #render = 0;

  constructor(rendering: SoundRendering) {
    this.#rendering = rendering;
    const { startUs, endUs } = spanOf(rendering.pieces);
    this.#startUs = startUs;
    this.#endUs = Math.max(startUs, Math.min(endUs, rendering.film.range.toUs ?? endUs));
  }

  async render(): Promise<RenderedSound> {
    const { gainDb, lufs } = await findProgrammeGain((gain) => this.#measure(gain), { mostUpDb: MOST_UP_DB });
    const { nodes, replaces, isContinued, title } = this.#rendering.sound;
    const isHeard = lufs !== Number.NEGATIVE_INFINITY;
    const nothing = { made: false, why: 'nothing-heard', node: nodes[0]?.node ?? '' } as const;
    if (!isHeard && replaces === undefined) return { result: nothing, track: undefined };
    const counts: SoundCounts = { events: 0, beds: new Set() };
    const track = { ...(await this.#encode(gainDb, counts)), isContinued, title };
    const made = { made: true, lufs, events: counts.events, beds: counts.beds.size } as const;
    return { result: isHeard ? made : nothing, track };
  }

  /** Loudness of the made sound alone. */
  async #measure(gainDb: number): Promise<number> {
    const track = await this.#track(this.#startUs, gainDb, {
      wish: { when: 'replace', mix: 'replace' },
      hasTrack: false,
    });
    await this.#play(track, this.#startUs, undefined, () => undefined);
    return track.figures.lufs;
  }

  async #encode(gainDb: number, counts: SoundCounts): Promise<MadeSound> {
    const { folder, codec, sound } = this.#rendering;
    this.#render = ENCODING;
    const existing = sound.isContinued ? await this.#openExisting() : undefined;
    try {
      const startUs = Math.min(this.#startUs, Math.max(0, existing?.nextUs ?? this.#startUs));
      const { when, mix } = sound.wish;
      const hasTrack = existing !== undefined;
      const wish = hasTrack ? { when, mix } : ({ when: 'replace', mix: 'replace' } as const);
      const track = await this.#track(startUs, gainDb, { wish, hasTrack }, counts);
      const writer = new MadeSoundWriter(folder, codec, startUs);
      try {
        await this.#play(track, startUs, existing, (sample) => writer.write(sample.frame));
        return writer.finish();
      } catch (error) {
        await writer.discard();
        throw error;
      }
    } finally {
      await existing?.close();
    }
  }

  async #track(
    startUs: Microseconds,
    gainDb: number,
    input: Pick<SoundTrackOptions, 'wish' | 'hasTrack'>,
    counts: SoundCounts = { events: 0, beds: new Set() },
  ): Promise<SoundTrack> {
    const { nodes } = this.#rendering.sound;
    const makers = await Promise.all(nodes.map(({ operator, options }) => operator.sound.make(options, startUs)));
    return new SoundTrack({
      ...input,
      makers: makers.map((maker) => countedMaker(maker, counts)),
      startUs,
      loudness: { kind: 'fixed', gainDb },
    });
  }

  async #openExisting(): Promise<ExistingFeed> {
    const { film, sound, untilUs = Number.POSITIVE_INFINITY } = this.#rendering;
    const { fromUs, toUs = untilUs } = film.range;
    const request = {
      path: film.info.path,
      track: (sound.replaces as NonNullable<PlannedSound['replaces']>).index,
      originUs: timeOrigin(film.info),
      range: { fromUs, toUs: Math.min(toUs, untilUs) },
    };
    return await ExistingFeed.open(readSoundTrack(request));
  }

  /** Plays all lines to a track, and what existing sound there is, and hands on what is heard. */
  async #play(
    track: SoundTrack,
    startUs: Microseconds,
    existing: ExistingFeed | undefined,
    take: (sample: AudioSample) => void,
  ): Promise<void> {
    const { folder, pieces } = this.#rendering;
    let atUs = startUs;
    const playUntil = async (us: Microseconds): Promise<void> => {
      for (; atUs < us; await this.#breathe(atUs)) {
        atUs = Math.min(us, atUs + STEP_US);
        await existing?.feed(track, atUs + track.lookAheadUs);
        for (const sample of track.audioUntil(atUs)) taken(sample, take);
      }
    };
    for await (const line of frameLines(folder, pieces)) {
      const { ptsUs, frame: _, ...meta } = JSON.parse(line) as FrameMetadata;
      track.hear({ ptsUs, meta });
      if (ptsUs - track.lookAheadUs >= atUs + STEP_US) await playUntil(ptsUs - track.lookAheadUs);
    }
    track.picturesEnd(this.#endUs);
    await playUntil(this.#endUs - STEP_US);
    // The sound of a film may be longer than its pictures.
    for (let nextUs = existing?.nextUs; nextUs !== undefined; nextUs = existing?.nextUs) {
      await existing?.feed(track, nextUs + STEP_US);
      await playUntil((existing?.endUs ?? nextUs) - STEP_US);
    }
    const endUs = Math.max(this.#endUs, existing?.endUs ?? this.#endUs);
    for (const sample of track.end(endUs)) taken(sample, take);
    this.#render++;
  }

  async #breathe(atUs: Microseconds): Promise<void> {
    const { signal, onProgress } = this.#rendering;
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (signal?.aborted) throw signal.reason ?? new VitascopeError('ABORTED', 'stopped while sound was made');
    const share = Math.max(0, Math.min(1, (atUs - this.#startUs) / Math.max(1, this.#endUs - this.#startUs)));
    const [from = 1, to = 1] = SHARES.slice(this.#render);
    onProgress?.(from + share * (to - from));
  }
}

function taken(sample: AudioSample, take: (sample: AudioSample) => void): void {
  take(sample);
  sample.frame.close();
}

/** From the first picture to the end of the last. */
function spanOf(pieces: readonly FilmPiece[]): { readonly startUs: Microseconds; readonly endUs: Microseconds } {
  const [first, last] = [pieces[0], pieces.at(-1)].map((piece) => spanOfPiece(piece as FilmPiece)) as [Span, Span];
  return { startUs: first.startUs, endUs: last.endUs };
}

type Span = ReturnType<typeof spanOf>;

function spanOfPiece(piece: FilmPiece): Span {
  if (!holdsPictures(piece)) return piece;
  const { pts, timeBase, lastDuration } = piece;
  const [least, most] = [Math.min, Math.max].map((choose) => pts.reduce((a, b) => choose(a, b))) as [number, number];
  return {
    startUs: toMicroseconds(BigInt(least), timeBase),
    endUs: toMicroseconds(BigInt(most + lastDuration), timeBase),
  };
}
