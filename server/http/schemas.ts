import { z } from 'zod';
import { nameSchema } from '../../config/server/stream-settings.js';

/** Answer to everything that goes wrong. */
export const errorSchema = z.object({ code: z.string(), message: z.string() });

/** `StreamView`. */
export const streamSchema = z.object({
  name: z.string(),
  state: z.enum(['starting', 'running', 'waiting', 'draining', 'ended']).describe('waiting: for its restart'),
  words: z.string().describe('What the stream does, for people'),
  pid: z.int().nullable(),
  graph: z.string(),
  restarts: z.int(),
  lastFailure: z.string().nullable(),
  rssBytes: z.number().nullable().describe('Resident memory of its process'),
  metrics: z.unknown(),
});

export const graphSchema = z.object({ name: z.string(), description: z.string() });

/** Body of POST /api/sources. Graphs by name only: files of the server are none of a caller's business. */
export const sourceRequestSchema = z.strictObject({
  name: nameSchema,
  url: z.string().min(1).max(2048),
  graph: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .default('colorize'),
});

export const nameParameter = z.object({ name: nameSchema });

/** A schema as Fastify and OpenAPI read it. */
export function json(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest as Record<string, unknown>;
}
