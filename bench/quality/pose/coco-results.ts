import type { JudgedPicture } from './average-precision.js';
import type { FoundPerson } from './found-person.js';
import type { LabelledPicture } from './labelled-people.js';

/** A person as a file of results has them. */
export interface CocoResult extends FoundPerson {
  readonly image_id: number;
  readonly category_id: number;
}

/** Puts results of all pictures beside their labels. */
export function judgeResults(pictures: readonly LabelledPicture[], results: readonly CocoResult[]): JudgedPicture[] {
  return pictures.map(({ id, people }) => ({ people, found: results.filter(({ image_id }) => image_id === id) }));
}

/** People found in a picture as results. */
export function toCocoResults(imageId: number, found: readonly FoundPerson[]): CocoResult[] {
  return found.map(({ keypoints, score }) => ({ image_id: imageId, category_id: 1, keypoints, score }));
}
