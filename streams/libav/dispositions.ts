import * as av from 'node-av/constants';

const flags: readonly (readonly [string, number])[] = [
  ['default', av.AV_DISPOSITION_DEFAULT],
  ['dub', av.AV_DISPOSITION_DUB],
  ['original', av.AV_DISPOSITION_ORIGINAL],
  ['comment', av.AV_DISPOSITION_COMMENT],
  ['lyrics', av.AV_DISPOSITION_LYRICS],
  ['karaoke', av.AV_DISPOSITION_KARAOKE],
  ['forced', av.AV_DISPOSITION_FORCED],
  ['hearing_impaired', av.AV_DISPOSITION_HEARING_IMPAIRED],
  ['visual_impaired', av.AV_DISPOSITION_VISUAL_IMPAIRED],
  ['clean_effects', av.AV_DISPOSITION_CLEAN_EFFECTS],
  ['attached_pic', av.AV_DISPOSITION_ATTACHED_PIC],
  ['timed_thumbnails', av.AV_DISPOSITION_TIMED_THUMBNAILS],
  ['captions', av.AV_DISPOSITION_CAPTIONS],
  ['descriptions', av.AV_DISPOSITION_DESCRIPTIONS],
  ['metadata', av.AV_DISPOSITION_METADATA],
  ['dependent', av.AV_DISPOSITION_DEPENDENT],
  ['still_image', av.AV_DISPOSITION_STILL_IMAGE],
];

/** FFmpeg's names of the disposition flags that are set. */
export function dispositionNames(value: number): string[] {
  return flags.filter(([, flag]) => (value & flag) !== 0).map(([name]) => name);
}
