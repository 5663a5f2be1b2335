import type { Random } from '../random.js';
import type { Recipe } from '../vocabulary.js';
import type { Contact } from './contacts.js';
import type { MaterialSound } from './materials.js';

/** When and how things touch in one event. */
export interface ContactPlan {
  readonly contacts: readonly Contact[];
  /** Decay that whoever touches adds to what rings, 1/s. */
  readonly damping: number;
  /** How much longer and duller than a strike of a stick, as a factor. */
  readonly softness: number;
}

/** A hand or stick that leaves at once. */
function strike({ energy }: Recipe): ContactPlan {
  return { contacts: [{ at: 0, energy }], damping: 0, softness: 1 };
}

/**
 * Heel, then ball of the foot 70–130 ms later and weaker (R. Nordahl, S. Serafin & L. Turchet, *Sound Synthesis and Evaluation of Interactive Footsteps*,
 * 2010). The weight that stands on the floor damps it.
 */
function step({ energy, size }: Recipe, random: Random): ContactPlan {
  const toe = random.between(0.07, 0.1) + 0.03 * size;
  return {
    contacts: [
      { at: 0, energy },
      { at: toe, energy: energy * random.between(0.66, 0.8) },
      { at: toe + random.between(0.015, 0.035), energy: energy * random.between(0.45, 0.6) },
    ],
    damping: 45,
    softness: 2.4,
  };
}

const MOST_BOUNCES = 9;

/** Bounces: each comes after e times the time of the one before, and has e² of its energy, e being the coefficient of restitution. */
function drop({ energy, size }: Recipe, material: MaterialSound, random: Random): ContactPlan {
  const contacts: Contact[] = [{ at: 0, energy }];
  if (material.ringing !== undefined) {
    const restitution = random.between(0.45, 0.62) - 0.1 * size;
    let at = 0;
    let interval = random.between(0.18, 0.26) * (0.6 + 0.8 * energy);
    let now = energy;
    for (let i = 0; i < MOST_BOUNCES && interval > 0.012; i++) {
      at += interval;
      interval *= restitution * random.between(0.88, 1.12);
      // Energy is in decibels here: a factor e² is a step down.
      now = Math.max(0, now + (20 * Math.log10(restitution)) / 30);
      contacts.push({ at, energy: now * random.between(0.94, 1) });
    }
  }
  return { contacts, damping: 0, softness: 1 };
}

/** When things touch, by action. A scratch has no contacts: see `scratchForce`. */
export function planContacts(recipe: Recipe, material: MaterialSound, random: Random): ContactPlan {
  if (recipe.action === 'step') return step(recipe, random);
  if (recipe.action === 'drop') return drop(recipe, material, random);
  if (recipe.action === 'scratch') return { contacts: [], damping: 30, softness: 1 };
  return strike(recipe);
}
