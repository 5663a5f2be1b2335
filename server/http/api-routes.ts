import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { listGraphs } from '../../config/load-graph.js';
import { checkPullUrl } from '../url-policy.js';
import { failure } from './errors.js';
import { addEventRoutes } from './event-routes.js';
import type { HttpAppOptions } from './http-app-options.js';
import {
  errorSchema,
  graphSchema,
  json,
  nameParameter,
  optionsRequestSchema,
  snapshotQuerySchema,
  sourceRequestSchema,
  streamSchema,
} from './schemas.js';

const problem = json(errorSchema);
const stream = json(streamSchema);
const byName = json(nameParameter);
type ByName = { Params: z.output<typeof nameParameter> };

/** Everything under `/api`, with schemas that the OpenAPI document is made of. */
export function addApiRoutes(app: FastifyInstance, options: HttpAppOptions): void {
  addStreamRoutes(app, options);
  addSnapshotRoute(app, options);
  addOptionsRoute(app, options);
  addEventRoutes(app, options);
  addSourceRoutes(app, options);
  const graphs = { summary: 'Graphs that streams may run through', response: { 200: json(z.array(graphSchema)) } };
  app.get('/api/graphs', { schema: graphs }, async () =>
    (await listGraphs()).map(({ name, description }) => ({ name, description })),
  );
  app.get('/api/openapi.json', { schema: { summary: 'This document' } }, async () => app.swagger());
}

const unknown = (name: string) => failure(404, `there is no stream ${name}`).body;

function addStreamRoutes(app: FastifyInstance, { streams }: HttpAppOptions): void {
  const all = { summary: 'All streams', response: { 200: json(z.array(streamSchema)) } };
  app.get('/api/streams', { schema: all }, async () => streams.list());

  const one = { summary: 'One stream', params: byName, response: { 200: stream, 404: problem } };
  app.get<ByName>('/api/streams/:name', { schema: one }, async ({ params: { name } }, reply) => {
    const found = streams.list().find((each) => each.name === name);
    return found === undefined ? reply.code(404).send(unknown(name)) : found;
  });
}

function addSnapshotRoute(app: FastifyInstance, { streams }: HttpAppOptions): void {
  const picture = {
    summary: 'The last key picture, as JPEG',
    params: byName,
    querystring: json(snapshotQuerySchema),
    produces: ['image/jpeg'],
    response: { 404: problem },
  };
  app.get<ByName & { Querystring: z.output<typeof snapshotQuerySchema> }>(
    '/api/streams/:name/snapshot.jpg',
    { schema: picture },
    async ({ params: { name }, query: { height } }, reply) => {
      if (!streams.list().some((each) => each.name === name)) return reply.code(404).send(unknown(name));
      const jpeg = await streams.snapshot(name, height === undefined ? undefined : Number(height));
      if (jpeg === undefined) return reply.code(404).send(failure(404, `stream ${name} has no picture yet`).body);
      return reply.type('image/jpeg').header('cache-control', 'no-store').send(Buffer.from(jpeg));
    },
  );
}

function addOptionsRoute(app: FastifyInstance, { streams }: HttpAppOptions): void {
  const schema = {
    summary: "Change options of a stream's graph while it runs",
    params: byName,
    body: json(optionsRequestSchema),
    response: { 200: stream, 400: problem, 404: problem },
  };
  app.patch<ByName & { Body: z.output<typeof optionsRequestSchema> }>(
    '/api/streams/:name/options',
    { schema },
    async ({ params: { name }, body: { options } }, reply) => {
      const isKnown = await streams.setOptions(name, options);
      const found = streams.list().find((each) => each.name === name);
      return isKnown && found !== undefined ? found : reply.code(404).send(unknown(name));
    },
  );
}

function addSourceRoutes(app: FastifyInstance, { streams, config, resolve }: HttpAppOptions): void {
  const responses = { 201: stream, 400: problem, 403: problem, 409: problem, 503: problem };
  const start = { summary: 'Fetch a stream', body: json(sourceRequestSchema), response: responses };
  app.post<{ Body: z.output<typeof sourceRequestSchema> }>(
    '/api/sources',
    { schema: start },
    async (request, reply) => {
      const { url } = await checkPullUrl(request.body.url, config.pull, resolve);
      return reply.code(201).send(await streams.startSource({ ...request.body, url }));
    },
  );

  const stop = {
    summary: 'End a stream that is fetched',
    params: byName,
    response: { 204: { type: 'null', description: 'It has ended' }, 404: problem },
  };
  app.delete<ByName>('/api/sources/:name', { schema: stop }, async ({ params: { name } }, reply) => {
    if (await streams.stopSource(name)) return reply.code(204).send();
    return reply.code(404).send(failure(404, `no stream that is fetched is called ${name}`).body);
  });
}
