import type { NamedPerson } from '../../../../bench/quality/pose/film-labels.js';
import type { PeopleInFrame } from '../../../../bench/quality/pose/film-people.js';
import type { TrackedPose } from '../../../../operators/pose/pose-meta.js';

export const FPS = 25;

/** Somebody 100 pixels high around a point, all of whose key points are there. */
export function person(id: number, x: number, y = 50, score = 0.9): TrackedPose {
  return { id, score, box: [x - 25, y - 50, x + 25, y + 50], keypoints: new Array(17).fill([x, y, score]) };
}

/** A film of 25 frames a second. */
export function film(frames: number, posesAt: (frame: number) => readonly TrackedPose[]): PeopleInFrame[] {
  return Array.from({ length: frames }, (_, i) => ({ seconds: i / FPS, poses: posesAt(i) }));
}

/** Somebody who is in view all the while, between two columns. */
export function named(name: string, fromX: number, toX: number, toS = 1000): NamedPerson {
  return { name, fromS: 0, toS, region: [fromX, 0, toX, 100] };
}
