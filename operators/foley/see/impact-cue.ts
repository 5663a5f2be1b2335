import type { FoleyParameters } from '../../../models/adapters/foley/foley-parameters.js';
import type { StepOutputs } from '../../../models/adapters/foley/step-network.js';
import { type Microseconds, VitascopeError } from '../../../pipeline/index.js';
import { actions, materials } from '../bank/vocabulary.js';
import type { ImpactCue } from '../cues.js';
import { placeNames } from './bed-watcher.js';

/** What happens at the edge of the picture is not heard in one ear only. */
const WIDEST_PAN = 0.8;

/**
 * Checks that a model speaks of what the bank has.
 *
 * @throws VitascopeError `MODEL_INVALID` that names the first word that is not known.
 */
export function checkVocabulary(model: string, parameters: FoleyParameters): void {
  const known = { actions, materials, beds: placeNames } as const;
  for (const list of ['actions', 'materials', 'beds'] as const) {
    const unknown = parameters[list].find((name) => !(known[list] as readonly string[]).includes(name));
    if (unknown === undefined) continue;
    throw new VitascopeError(
      'MODEL_INVALID',
      `foley: ${list} of model ${model} must be among ${known[list].join(', ')}, got ${unknown}`,
      { context: { model, list, unknown } },
    );
  }
}

/** The cue of an impact. Plain numbers of two decimals. */
export function impactCue(
  atUs: Microseconds,
  said: StepOutputs,
  parameters: Pick<FoleyParameters, 'actions' | 'materials'>,
): ImpactCue {
  const [action] = likeliest(said.action, parameters.actions);
  const [what, materialScore] = likeliest(said.material, parameters.materials);
  return {
    kind: 'impact',
    atUs,
    action: action as ImpactCue['action'],
    material: what as ImpactCue['material'],
    energy: share(said.energy),
    pan: hundredths(WIDEST_PAN * (2 * share(said.position[0]) - 1)),
    score: share(said.onset),
    materialScore: share(materialScore),
    features: Array.from(said.features, share),
  };
}

function likeliest(probabilities: Float32Array, names: readonly string[]): readonly [name: string, score: number] {
  const best = probabilities.reduce((a, value, i) => (value > (probabilities[a] as number) ? i : a), 0);
  return [names[best] as string, probabilities[best] as number];
}

/** 0–1, whatever a network says. */
function share(value: number): number {
  return value > 0 ? hundredths(Math.min(1, value)) : 0;
}

function hundredths(value: number): number {
  // Never −0, which JSON would not keep.
  return Math.round(100 * value) / 100 + 0;
}
