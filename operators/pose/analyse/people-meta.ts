/** Which way somebody crossed a line. `in`: from left to right of whoever looks along it, from its first point to its second; `out`: the other way. */
export type CrossingDirection = 'in' | 'out';

/** Somebody crossed a line. Plain JSON. */
export interface LineCrossing {
  readonly line: string;
  /** Of the person. */
  readonly id: number;
  readonly direction: CrossingDirection;
}

/** How many people are where. Plain JSON. */
export interface PeopleCount {
  /** In the picture. */
  readonly present: number;
  /** In each zone. Zones may overlap, and then people count in each. */
  readonly zones: Readonly<Record<string, number>>;
  /** Over each line since the operator began. */
  readonly lines: Readonly<Record<string, Readonly<Record<CrossingDirection, number>>>>;
  /** Over any line in this frame. */
  readonly crossings: readonly LineCrossing[];
}

/** What {@link countPeople} attaches to a frame. */
export interface PeopleMeta {
  readonly people: PeopleCount;
}
