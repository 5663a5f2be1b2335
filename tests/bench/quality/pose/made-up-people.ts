import type { FoundPerson } from '../../../../bench/quality/pose/found-person.js';
import type { LabelledPerson } from '../../../../bench/quality/pose/labelled-people.js';

export interface MadeUpPicture {
  readonly id: number;
  readonly people: readonly LabelledPerson[];
  readonly found: readonly FoundPerson[];
}

const PICTURES = 12;

/** Labels and results that meet every rule of the evaluation: crowds, people without key points, all sizes, doubles, ghosts, equal scores, more than 20. */
export function madeUpPictures(seed: number): readonly MadeUpPicture[] {
  const random = randomNumbers(seed);
  return Array.from({ length: PICTURES }, (_, i) => {
    const people = Array.from({ length: Math.floor(random() * 6) }, () => madeUpPerson(random));
    const found = people.flatMap((person) =>
      Array.from({ length: Math.floor(random() * 3) }, () => nearly(person, random)),
    );
    const ghosts = Array.from({ length: random() < 0.1 ? 22 : Math.floor(random() * 2) }, () =>
      nearly(madeUpPerson(random), random),
    );
    return { id: i + 1, people, found: [...found, ...ghosts] };
  });
}

function madeUpPerson(random: () => number): LabelledPerson {
  const [width, height] = [8 + Math.floor(random() * 150), 16 + Math.floor(random() * 300)];
  const [x, y] = [Math.floor(random() * 400), Math.floor(random() * 200)];
  const isCrowd = random() < 0.1;
  const labelledPart = isCrowd || random() < 0.1 ? 0 : 0.3 + random();
  const keypoints = Array.from({ length: 17 }, () => {
    if (random() >= labelledPart) return [0, 0, 0];
    return [x + Math.floor(random() * width), y + Math.floor(random() * height), random() < 0.5 ? 1 : 2];
  }).flat();
  const labelled = keypoints.filter((value, i) => i % 3 === 2 && value > 0).length;
  const area = Math.floor(width * height * (0.4 + 0.3 * random()));
  return { keypoints, num_keypoints: labelled, area, bbox: [x, y, width, height], iscrowd: isCrowd ? 1 : 0 };
}

function nearly({ keypoints, bbox: [x, y, width, height], area }: LabelledPerson, random: () => number): FoundPerson {
  const spread = Math.sqrt(area) * 0.2 * random();
  const off = (): number => (random() - 0.5) * 2 * spread;
  const places = Array.from({ length: 17 }, (_, i) => {
    const isLabelled = (keypoints[3 * i + 2] ?? 0) > 0;
    const [atX, atY] = isLabelled
      ? [keypoints[3 * i] ?? 0, keypoints[3 * i + 1] ?? 0]
      : [x + random() * width, y + random() * height];
    return [atX + off(), atY + off(), random()];
  });
  return { score: Math.round(random() * 20) / 20, keypoints: places.flat() };
}

/** The same numbers, 0–1, everywhere (Lehmer 1951). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
