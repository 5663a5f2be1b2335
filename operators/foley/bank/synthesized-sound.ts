import { soundFeatures } from './features.js';
import type { Sound, SoundTags } from './sound.js';
import { renderRecipe, soundRecipe } from './synthesis/render-recipe.js';
import type { Recipe } from './vocabulary.js';

/** A recipe as a sound. */
export class SynthesizedSound implements Sound {
  readonly id: string;
  readonly tags: SoundTags;
  readonly onsetSample = 0;
  readonly recipe: Recipe;
  #features: Float32Array | undefined;

  constructor(recipe: Recipe) {
    this.recipe = soundRecipe(recipe);
    const { action, material, energy, size, object, seed } = this.recipe;
    this.id = `own:${action}/${material}/${object}/${size.toFixed(3)}/${energy.toFixed(3)}/${seed}`;
    this.tags = { source: 'own', action, material };
  }

  get features(): Float32Array {
    this.#features ??= soundFeatures(this.render());
    return this.#features;
  }

  render(): Float32Array {
    return renderRecipe(this.recipe);
  }
}
