import { FeatureSound } from './feature-sound.js';
import { featureDistance, soundFeatures } from './features.js';
import { seedOf } from './random.js';
import type { Sound, SoundRequest } from './sound.js';
import { renderRecipe } from './synthesis/render-recipe.js';
import { SynthesizedSound } from './synthesized-sound.js';
import { type Action, type Material, materials, type Recipe } from './vocabulary.js';

/** Things of each material that features may choose from, in these sizes. */
const OBJECTS = 4;
const sizes = [0.15, 0.5, 0.85] as const;
/** Of the strikes that things are compared by. */
const ENERGY = 0.6;
/** What another material costs beside a distance in features, where tags are soft. */
const OTHER_MATERIAL = 0.12;
/** Without a material, sounds that are farther than this are not like what was asked for. */
const UNLIKE = 0.35;
const NEUTRAL: Material = 'plastic';
const MOST_TRIES = 1000;

interface Candidate {
  readonly recipe: Recipe;
  readonly features: Float32Array;
}

/** The sounds that are synthesized: for every request there is one. Features of candidates are made when first needed, and kept. */
export class OwnSounds {
  readonly #seed: number;
  readonly #candidates = new Map<string, readonly Candidate[]>();

  /** Of one seed, requests without features always meet the same thing of each material. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Makes what choosing by features needs for an action: 12 sounds a material, some 10 ms each. */
  prepare(action: Action, of: readonly Material[] = materials): void {
    for (const material of of) this.#candidatesFor(action, material);
  }

  pick(request: SoundRequest): Sound {
    const { action, material, features, energy, seed } = request;
    if (features === undefined) {
      return this.#fresh(this.#usual(action, material ?? NEUTRAL, request.size ?? 0.5), request);
    }
    const { candidate, distance } = this.#nearest(request, features);
    if (material === undefined && distance > UNLIKE) return new FeatureSound(action, features, energy, seed);
    return this.#fresh(candidate.recipe, request);
  }

  /** The thing that this bank has of a material. */
  #usual(action: Action, material: Material, size: number): Recipe {
    const object = seedOf('thing of bank', this.#seed, material) % OBJECTS;
    return { action, material, energy: 0, size, object, seed: 0 };
  }

  /** The recipe with the energy and the seed of the event, or the next seed that is not to be avoided. */
  #fresh(recipe: Recipe, { energy, size, seed, avoid }: SoundRequest): Sound {
    let sound = new SynthesizedSound({ ...recipe, size: size ?? recipe.size, energy, seed });
    for (let i = 1; avoid?.has(sound.id) && i < MOST_TRIES; i++) {
      sound = new SynthesizedSound({ ...sound.recipe, seed: sound.recipe.seed + i * 7919 });
    }
    return sound;
  }

  #nearest(request: SoundRequest, features: Float32Array): { candidate: Candidate; distance: number } {
    const { action, material, match = 'hard' } = request;
    const among = material !== undefined && match === 'hard' ? [material] : materials;
    let best: { candidate: Candidate; distance: number; cost: number } | undefined;
    for (const one of among) {
      const penalty = material === undefined || one === material ? 0 : OTHER_MATERIAL;
      for (const candidate of this.#candidatesFor(action, one)) {
        const distance = featureDistance(features, candidate.features);
        const cost = distance + penalty;
        if (best === undefined || cost < best.cost) best = { candidate, distance, cost };
      }
    }
    return best as { candidate: Candidate; distance: number };
  }

  #candidatesFor(action: Action, material: Material): readonly Candidate[] {
    const key = action === 'splash' ? action : `${action}/${material}`;
    let found = this.#candidates.get(key);
    if (found === undefined) {
      found = sizes.flatMap((size) =>
        Array.from({ length: OBJECTS }, (_, object): Candidate => {
          const recipe = { action, material, energy: ENERGY, size, object, seed: 0 };
          return { recipe, features: soundFeatures(renderRecipe(recipe)) };
        }),
      );
      this.#candidates.set(key, found);
    }
    return found;
  }
}
