import { VitascopeError } from '../../../pipeline/errors.js';
import type { AdapterParameters } from '../../catalog/adapter-parameters.js';

/**
 * A parameter of a family's own, which the catalog's schema lets through unread.
 *
 * @throws VitascopeError `MODEL_INVALID` when it is there and no number.
 */
export function numberOf(adapter: AdapterParameters, name: string, otherwise: number): number {
  const value = adapter[name] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new VitascopeError(
    'MODEL_INVALID',
    `adapter parameter ${name} must be a number, got ${JSON.stringify(value)}`,
    {
      context: { parameter: name },
    },
  );
}

/** Likewise text; `undefined` when absent. @throws VitascopeError `MODEL_INVALID` when it is there and no text. */
export function textOf(adapter: AdapterParameters, name: string): string | undefined {
  const value = adapter[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new VitascopeError('MODEL_INVALID', `adapter parameter ${name} must be text, got ${JSON.stringify(value)}`, {
    context: { parameter: name },
  });
}
