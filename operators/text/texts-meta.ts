/** A point, pixels of the picture as it is stored (before it is turned to be shown); pixel centres are at half coordinates. */
export type Point = readonly [x: number, y: number];

/** Corners clockwise as the text is read, the first where it begins: its left upper one. May reach outside the picture. */
export type TextQuad = readonly [topLeft: Point, topRight: Point, bottomRight: Point, bottomLeft: Point];

/** A line of text in a frame, with the identity that it keeps over time. Plain JSON. */
export interface SeenText {
  /** Of the line, for as long as it is seen: an integer of at least 1, never given to another line of the stream. */
  readonly id: number;
  readonly quad: TextQuad;
  /** What was read; never empty. */
  readonly text: string;
  /** How sure the reading is, 0–1. */
  readonly score: number;
  /** BCP 47; attached by `translateText`. */
  readonly language?: string;
  /** Attached by `translateText` where there is one; empty where the translation of a text of several lines ends in those before. */
  readonly translation?: string;
  /** 0–1: lines fade in when they were read first and out when they are gone. */
  readonly opacity: number;
  /** An intertitle: a card of text that fills the frame, of which this line is a part. */
  readonly isCard?: boolean;
}

/** What text operators attach to a frame. */
export interface TextsMeta {
  /** In the order in which they are read: from above, then from the left. */
  readonly texts: readonly SeenText[];
}

/** The key of {@link TextsMeta}, as graphs name it. */
export const textsKey = 'texts' satisfies keyof TextsMeta;
