import type { PersonPose } from '../../../models/adapters/pose/pose-estimator.js';
import type { Microseconds } from '../../../pipeline/time.js';
import { parseOptions } from '../../options.js';
import type { TrackedPose } from '../pose-meta.js';
import type { Appearance } from './appearance.js';
import { assign } from './assign.js';
import { type Sighting, Track } from './track.js';
import { type TrackOptions, type TrackSettings, trackOptions } from './track-options.js';

/**
 * Gives people identities that they keep over time: SORT (Bewley et al. 2016) with object keypoint similarity beside the overlap of boxes. The same
 * input gives the same ids. Remembers `maxTracks` people at most.
 */
export class PoseTracker {
  readonly #settings: TrackSettings;
  #tracks: readonly Track[] = [];
  #nextId = 1;
  #ptsUs = Number.NEGATIVE_INFINITY;
  #firstOfShot = true;

  /** @throws VitascopeError `OPTION_INVALID` */
  constructor(options: TrackOptions = {}) {
    this.#settings = parseOptions('pose tracker', trackOptions, options);
  }

  /** Ids of people who are followed, hidden ones too: others never come again. */
  get ids(): ReadonlySet<number> {
    return new Set(this.#tracks.flatMap(({ id }) => id ?? []));
  }

  /**
   * Those of the people in a frame who count, best first, as they were found, with their ids. A frame before the last one begins another shot.
   *
   * @param appearances one for each of the people, where known.
   */
  update(
    ptsUs: Microseconds,
    people: readonly PersonPose[],
    appearances: readonly (Appearance | undefined)[] = [],
  ): readonly TrackedPose[] {
    if (ptsUs < this.#ptsUs) this.cut();
    const lookedUs = this.#ptsUs;
    this.#ptsUs = ptsUs;
    // Whoever was there at the last look may be there still, however long ago that was: models may take more than `maxAgeMs`.
    this.#tracks = this.#tracks.filter((track) => track.seenUs === lookedUs || this.#stays(track));
    for (const track of this.#tracks) track.advance(ptsUs);
    const trackOf = this.#see(people.map((person, i) => ({ person, appearance: appearances[i] })));
    this.#tracks = this.#tracks.filter((track) => this.#stays(track));
    if (people.length > 0) this.#firstOfShot = false;
    return posesOf(trackOf);
  }

  /** Begins another shot: nobody is who they were. */
  cut(): void {
    this.#tracks = [];
    this.#firstOfShot = true;
  }

  /** The track of each who was found, in the order of scores. */
  #see(sightings: readonly Sighting[]): readonly (readonly [Track, Sighting])[] {
    const bestFirst = [...sightings].sort((a, b) => b.person.score - a.person.score);
    const known = this.#recognise(bestFirst);
    return bestFirst.flatMap((sighting, i) => {
      const track = known[i] ?? this.#begin(sighting);
      if (track === undefined) return [];
      if (known[i] !== undefined) track.see(sighting, this.#ptsUs);
      if (track.id === undefined && (this.#firstOfShot || track.hits >= this.#settings.minHits)) {
        track.id = this.#nextId++;
      }
      return [[track, sighting] as const];
    });
  }

  #recognise(sightings: readonly Sighting[]): readonly (Track | undefined)[] {
    const { appearanceWeight, minSimilarity } = this.#settings;
    const alike = sightings.map((sighting) =>
      this.#tracks.map((track) => {
        // Looks choose among those who can be the person; networks find all people somewhat alike.
        const place = track.similarity(sighting, 0);
        return place > 0 && place >= minSimilarity ? track.similarity(sighting, appearanceWeight) : 0;
      }),
    );
    const columns = assign(alike.map((row) => row.map((similarity) => 1 - similarity)));
    return columns.map((column, row) =>
      column === undefined || alike[row]?.[column] === 0 ? undefined : this.#tracks[column],
    );
  }

  #begin(sighting: Sighting): Track | undefined {
    const { minScore, maxTracks } = this.#settings;
    if (sighting.person.score < minScore || this.#tracks.length >= maxTracks) return undefined;
    const track = new Track(sighting, this.#ptsUs);
    this.#tracks = [...this.#tracks, track];
    return track;
  }

  /** Those who do not count yet are forgotten as soon as they are not found. */
  #stays({ id, seenUs }: Track): boolean {
    const maxAgeUs = id === undefined ? 0 : this.#settings.maxAgeMs * 1000;
    return this.#ptsUs - seenUs <= maxAgeUs;
  }
}

function posesOf(tracks: readonly (readonly [Track, Sighting])[]): readonly TrackedPose[] {
  return tracks.flatMap(([{ id }, { person }]) => (id === undefined ? [] : [{ id, ...poseOf(person) }]));
}

function poseOf({ score, box, keypoints }: PersonPose): Omit<TrackedPose, 'id'> {
  return { score, box, keypoints };
}
