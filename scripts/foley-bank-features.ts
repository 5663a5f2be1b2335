// What the bank's sounds are like, for training: means of `soundFeatures` by action, material and hardness.
//   npx tsx scripts/foley-bank-features.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { soundFeatures } from '../operators/foley/bank/features.js';
import { renderRecipe } from '../operators/foley/bank/synthesis/render-recipe.js';
import { actions, materials } from '../operators/foley/bank/vocabulary.js';

const SOUNDS = 4;
const table: Record<string, number[]> = {};
for (const action of actions) {
  for (const material of materials) {
    for (const [hardness, energy] of [
      ['soft', 0.3],
      ['hard', 0.75],
    ] as const) {
      const sounds = Array.from({ length: SOUNDS }, (_, k) =>
        soundFeatures(renderRecipe({ action, material, energy, size: (k + 0.5) / SOUNDS, object: k, seed: k })),
      );
      const sums = (sounds[0] ?? new Float32Array()).map((_, i) => sounds.reduce((sum, one) => sum + (one[i] ?? 0), 0));
      table[`${action} ${material} ${hardness}`] = Array.from(sums, (sum) => Math.round((1000 * sum) / SOUNDS) / 1000);
    }
  }
}
const target = fileURLToPath(new URL('../models/training/foley/bank-features.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(table)}\n`);
