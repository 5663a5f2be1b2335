import type { SoundDesk, SoundMaker } from '../../operators/foley/track/sound-operator.js';

/** How much sound was made. */
export interface SoundCounts {
  /** Sounds that begin at a moment. */
  events: number;
  /** Kinds of sound that last and were heard. */
  readonly beds: Set<string>;
}

/** The same maker, with what it puts on the desk counted. */
export function countedMaker(maker: SoundMaker, counts: SoundCounts): SoundMaker {
  const counted = (desk: SoundDesk): SoundDesk => ({
    get openUs() {
      return desk.openUs;
    },
    add: (event) => {
      counts.events++;
      desk.add(event);
    },
    bed: (kind, make, change) => {
      if (change.gainDb > Number.NEGATIVE_INFINITY) counts.beds.add(kind);
      desk.bed(kind, make, change);
    },
    cut: (ptsUs, room) => desk.cut(ptsUs, room),
  });
  return {
    ...(maker.lookAheadUs === undefined ? {} : { lookAheadUs: maker.lookAheadUs }),
    hear: (picture, desk) => maker.hear(picture, counted(desk)),
    end: (ptsUs, desk) => maker.end(ptsUs, counted(desk)),
  };
}
