import type { Microseconds } from '../../../pipeline/index.js';
import type { OperatorDefinition } from '../../../pipeline/operator.js';
import type { BedChange, BedFactory } from '../mix/bed-mixer.js';
import type { FoleyTime, MixMode } from '../mix/existing-sound.js';
import type { RoomSize } from '../mix/rooms.js';
import type { SoundEvent } from '../mix/sound-event.js';

/** Where those who make sound put it: a `FoleyMixer` that says where it is. */
export interface SoundDesk {
  /** Sound before this has left; what is put there comes late. */
  readonly openUs: Microseconds;
  add(event: SoundEvent): void;
  bed(kind: string, make: BedFactory, change: BedChange): void;
  cut(ptsUs: Microseconds, room: RoomSize): void;
}

/** A picture as it left the graph, without its pixels. */
export interface HeardPicture {
  readonly ptsUs: Microseconds;
  /** What was attached to it; of a file, as JSON gives it back. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Makes sound of what an operator has attached to pictures. The same pictures and options make the same sound, whoever asks and however often. */
export interface SoundMaker {
  /** How much of the pictures it wants to know beyond the sound that leaves. Default 0. */
  readonly lookAheadUs?: Microseconds;
  /** Puts on the desk what a picture asks for. Pictures come in order. */
  hear(picture: HeardPicture, desk: SoundDesk): void;
  /** No more pictures: the stream ends at that time. */
  end(ptsUs: Microseconds, desk: SoundDesk): void;
}

/** When sound is made, and what becomes of the sound that is there. `never`: the operator passes pictures on untouched. */
export interface SoundWish {
  readonly when: FoleyTime | 'never';
  readonly mix: MixMode;
}

/** Whether pictures can be known long before their sound, as those of a file, or hardly, as those of a live stream. */
export type SoundPace = 'file' | 'live';

/**
 * An operator of which sound can be made: it attaches to pictures what is to be heard (data first), and whoever writes the film or sends the stream makes the
 * sound of it. So sound survives resuming, and is rendered with the loudness of the whole film in mind.
 */
export interface SoundOperatorDefinition<Options = unknown> extends OperatorDefinition<Options> {
  readonly sound: {
    /** What options say about when sound is made. */
    wish(options: Options): SoundWish;
    /** Keys of metadata that the maker needs. */
    readonly hears: readonly string[];
    /**
     * @param pace `live` keeps the maker's look-ahead as small as it can be; nothing else changes. Default `file`.
     * @throws VitascopeError of options, as of a bank that cannot be read.
     */
    make(options: Options, startUs: Microseconds, pace?: SoundPace): Promise<SoundMaker>;
  };
}

/** True for operators of which sound can be made. */
export function isSoundOperator(operator: OperatorDefinition): operator is SoundOperatorDefinition {
  return 'sound' in operator;
}
