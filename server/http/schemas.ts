import { z } from 'zod';
import { nameSchema, sourceSchema } from '../../config/server/stream-settings.js';

/** Answer to everything that goes wrong. */
export const errorSchema = z.object({
  code: z.string().describe('Stable; see docs/api.md'),
  message: z.string().describe('For people'),
});

const outputSchema = z.object({
  kind: z.enum(['rtmp', 'http-flv', 'hls', 'push', 'record']),
  url: z.string().describe('What viewers open, without keys; of push and record the name'),
  state: z.string(),
  bytesOut: z.number(),
  packetsDropped: z.number(),
  reconnects: z.number(),
  trouble: z.string().nullable(),
});

const figureSchema = z.object({
  node: z.string(),
  name: z.string().describe('Of the metric, without `vitascope_`'),
  type: z.enum(['counter', 'gauge']),
  labels: z.record(z.string(), z.string()),
  value: z.number(),
});

/** `StreamView`. */
export const streamSchema = z.object({
  name: z.string(),
  path: z.string().nullable().describe('What publishers publish to; null for streams that are fetched'),
  kind: z.enum(['published', 'fetched']),
  state: z.enum(['starting', 'running', 'waiting', 'draining', 'ended']).describe('waiting: for its restart'),
  words: z.array(z.string()).describe('What the stream does, for people'),
  pid: z.int().nullable(),
  graph: z.string(),
  options: z.record(z.string(), z.unknown()).describe("Options of the graph's nodes, by node"),
  ageMs: z.number().describe('Milliseconds since it began'),
  restarts: z.int(),
  lastFailure: z.string().nullable(),
  rssBytes: z.number().nullable().describe('Resident memory of its process'),
  players: z.int().describe('Viewers of RTMP and FLV'),
  outputs: z.array(outputSchema),
  figures: z.array(figureSchema).describe('What operators count by themselves, such as people'),
  metrics: z.unknown().describe('What its process has counted; null before the first news of it'),
});

export const graphSchema = z.object({ name: z.string(), description: z.string() });

const optionTexts = z
  .array(
    z
      .string()
      .max(1024)
      .regex(/^[^.=\s]+\.[^=\s]+=/),
  )
  .max(64)
  .describe('`node.option=value`');

/** Body of POST /api/sources. Graphs by name only: files of the server are none of a caller's business. */
export const sourceRequestSchema = z.strictObject({
  name: nameSchema,
  url: z.string().min(1).max(2048),
  transport: sourceSchema.shape.transport,
  tlsVerify: sourceSchema.shape.tlsVerify,
  graph: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .default('colorize'),
  options: optionTexts.default([]),
});

/** Body of PATCH /api/streams/:name/options. */
export const optionsRequestSchema = z.strictObject({ options: optionTexts.min(1) });

export const nameParameter = z.object({ name: nameSchema });

/** Queries are texts, and are not turned into numbers. */
export const snapshotQuerySchema = z.strictObject({
  height: z
    .string()
    .regex(/^(?:1[6-9]|[2-9]\d|[1-9]\d\d|[1-3]\d{3}|4[0-2]\d\d|43[01]\d|4320)$/)
    .optional()
    .describe('Rows, 16 to 4320. Default: those of the stream'),
});

/** Access of viewers, and the directives of low-latency HLS. Whatever else is there is passed over. */
export const viewerQuerySchema = z.object({
  key: z.string().optional().describe('The play key of the stream'),
  expires: z.string().optional().describe('Of a signed URL: Unix time, seconds'),
  sig: z.string().optional().describe('Of a signed URL: the signature'),
  _HLS_msn: z.string().optional().describe('Wait for this segment'),
  _HLS_part: z.string().optional().describe('Wait for this part of it'),
  _HLS_skip: z.string().optional().describe('Leave out old segments'),
});

export const playlistParameters = z.object({ name: z.string(), file: z.string() });
export const hlsFileParameters = z.object({ name: z.string(), rendition: z.string(), file: z.string() });

/** A schema as Fastify and OpenAPI read it. */
export function json(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
  return rest as Record<string, unknown>;
}
