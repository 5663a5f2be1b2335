import type { PictureSize } from '../../../pipeline/index.js';
import type { Microseconds } from '../../../pipeline/time.js';
import type { TrackedPose } from '../pose-meta.js';
import type { CountSettings } from './count-options.js';
import { CountingLine, LineSide } from './counting-line.js';
import { distanceToBorder, isInside, type Place } from './geometry.js';
import type { CrossingDirection, LineCrossing, PeopleCount } from './people-meta.js';
import { heightOf, standingPlace } from './standing-place.js';

/** A zone in pixels of one size of picture. */
type Zone = readonly [name: string, polygon: readonly Place[]];

/** Where somebody is. */
interface Counted {
  shownUs: Microseconds;
  readonly zones: Set<string>;
  readonly sides: Map<string, LineSide>;
}

/** Counts people in zones and over lines. It remembers whoever was there in the last `forgetMs`, and nobody else. */
export class PeopleCounter {
  readonly #settings: CountSettings;
  readonly #people = new Map<number, Counted>();
  readonly #totals: ReadonlyMap<string, Record<CrossingDirection, number>>;
  #ptsUs = Number.NEGATIVE_INFINITY;
  #size: PictureSize = { width: 0, height: 0 };
  #zones: readonly Zone[] = [];
  #lines: ReadonlyMap<string, CountingLine> = new Map();

  constructor(settings: CountSettings) {
    this.#settings = settings;
    this.#totals = new Map(Object.keys(settings.lines).map((line) => [line, { in: 0, out: 0 }]));
  }

  /**
   * The people of the next frame. Only those seen in it move: who is foreseen stays where they were seen last. A frame before the last one, or of another size, begins another shot.
   *
   * @param size Of the picture that places of poses refer to, pixels.
   */
  update(ptsUs: Microseconds, size: PictureSize, poses: readonly TrackedPose[]): PeopleCount {
    if (ptsUs < this.#ptsUs) this.#people.clear();
    this.#ptsUs = ptsUs;
    this.#fit(size);
    const crossings = poses.flatMap((pose) => this.#see(pose));
    for (const [id, { shownUs }] of this.#people)
      if (ptsUs - shownUs > this.#settings.forgetMs * 1000) this.#people.delete(id);
    for (const { line, direction } of crossings)
      (this.#totals.get(line) as Record<CrossingDirection, number>)[direction]++;
    const present = [...this.#people.values()].filter(({ shownUs }) => shownUs === ptsUs);
    return {
      present: present.length,
      zones: Object.fromEntries(
        this.#zones.map(([zone]) => [zone, present.filter(({ zones }) => zones.has(zone)).length]),
      ),
      lines: Object.fromEntries([...this.#totals].map(([line, total]) => [line, { ...total }])),
      crossings,
    };
  }

  #see(pose: TrackedPose): readonly LineCrossing[] {
    const { minScore, minKeypointScore, deadBand } = this.#settings;
    const known = this.#people.get(pose.id);
    const isSeen = (pose.ageMs ?? 0) === 0 && pose.score >= minScore;
    if (known === undefined && !isSeen) return [];
    const person = known ?? { shownUs: this.#ptsUs, zones: new Set(), sides: new Map() };
    person.shownUs = this.#ptsUs;
    this.#people.set(pose.id, person);
    if (!isSeen) return [];
    const place = standingPlace(pose, minKeypointScore);
    const band = deadBand * heightOf(pose);
    this.#enterZones(person, place, band);
    return [...this.#lines].flatMap(([name, line]) => {
      const direction = sideOf(person, name).move(line, place, band);
      return direction === undefined ? [] : [{ line: name, id: pose.id, direction }];
    });
  }

  #enterZones({ zones }: Counted, place: Place, band: number): void {
    for (const [name, polygon] of this.#zones) {
      if (isInside(polygon, place)) zones.add(name);
      else if (distanceToBorder(polygon, place) > band) zones.delete(name);
    }
  }

  #fit(size: PictureSize): void {
    if (size.width === this.#size.width && size.height === this.#size.height) return;
    const { zones, lines, unit } = this.#settings;
    const [right, down] = unit === 'share' ? [size.width, size.height] : [1, 1];
    const fitted = ([x, y]: Place): Place => [x * right, y * down];
    this.#size = size;
    this.#people.clear();
    this.#zones = Object.entries(zones).map(([name, places]) => [name, places.map(fitted)] as const);
    this.#lines = new Map(
      Object.entries(lines).flatMap(([name, [from, to]]) =>
        from === undefined || to === undefined ? [] : [[name, new CountingLine(fitted(from), fitted(to))] as const],
      ),
    );
  }
}

function sideOf({ sides }: Counted, line: string): LineSide {
  const known = sides.get(line);
  if (known !== undefined) return known;
  const side = new LineSide();
  sides.set(line, side);
  return side;
}
