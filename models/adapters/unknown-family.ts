import { VitascopeError } from '../../pipeline/errors.js';
import type { ModelFiles } from './adapter.js';

/** The error for a model that is of another kind than was asked for. */
export function unknownFamily(who: string, model: ModelFiles, known: readonly string[]): VitascopeError {
  const { family } = model.entry;
  return new VitascopeError(
    'MODEL_INVALID',
    `${who}: the family of model ${model.id} must be one of ${known.join(', ')}, got ${family}`,
    { context: { model: model.id, family, known } },
  );
}
