/** What {@link poseEvents} recognises. */
export const poseEventKinds = ['fall', 'hands-up', 'running'] as const;
/** One of {@link poseEventKinds}. */
export type PoseEventKind = (typeof poseEventKinds)[number];

/** Something that somebody begins or ends in a frame. Plain JSON. */
export interface PoseEvent {
  /** Of the person. */
  readonly id: number;
  readonly kind: PoseEventKind;
  readonly state: 'begin' | 'end';
  /** When it began, microseconds on the source's timeline: in `begin`, earlier than the frame by the time for which it had to hold; in `end` the same. */
  readonly sinceUs: number;
  /** 0–1: mean score of the key points by which it was recognised. */
  readonly score: number;
}

/** What {@link poseEvents} attaches to a frame. */
export interface PoseEventsMeta {
  /** Those of this frame; most often none. */
  readonly poseEvents: readonly PoseEvent[];
}
