import type { z } from 'zod';
import { VitascopeError } from '../pipeline/index.js';

/**
 * Checks and completes an operator's options.
 *
 * @throws VitascopeError `OPTION_INVALID` naming the operator, the option, what was expected and what came.
 */
export function parseOptions<Schema extends z.ZodType>(
  operator: string,
  schema: Schema,
  options: unknown,
): z.output<Schema> {
  const result = schema.safeParse(options ?? {});
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw new VitascopeError('OPTION_INVALID', `${operator}: ${problems.join('; ')}`, {
    context: { operator, problems },
  });
}
