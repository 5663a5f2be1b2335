import type { FastifyInstance } from 'fastify';
import { filter } from 'rxjs';
import { z } from 'zod';
import { listGraphs } from '../../config/load-graph.js';
import { checkPullUrl } from '../url-policy.js';
import { failure } from './errors.js';
import { sendEvents } from './events.js';
import type { HttpAppOptions } from './http-app-options.js';
import { errorSchema, graphSchema, json, nameParameter, sourceRequestSchema, streamSchema } from './schemas.js';

const problem = json(errorSchema);
const stream = json(streamSchema);
const byName = json(nameParameter);
type ByName = { Params: z.output<typeof nameParameter> };

/** Everything under `/api`, with schemas that the OpenAPI document is made of. */
export function addApiRoutes(app: FastifyInstance, options: HttpAppOptions): void {
  addStreamRoutes(app, options);
  addSourceRoutes(app, options);
  const graphs = { summary: 'Graphs that streams may run through', response: { 200: json(z.array(graphSchema)) } };
  app.get('/api/graphs', { schema: graphs }, async () =>
    (await listGraphs()).map(({ name, description }) => ({ name, description })),
  );
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

function addStreamRoutes(app: FastifyInstance, { streams }: HttpAppOptions): void {
  const find = (name: string) => streams.list().find((each) => each.name === name);
  const unknown = (name: string) => failure(404, `there is no stream ${name}`).body;
  const all = { summary: 'All streams', response: { 200: json(z.array(streamSchema)) } };
  app.get('/api/streams', { schema: all }, async () => streams.list());

  const one = { summary: 'One stream', params: byName, response: { 200: stream, 404: problem } };
  app.get<ByName>('/api/streams/:name', { schema: one }, async ({ params: { name } }, reply) => {
    const found = find(name);
    return found === undefined ? reply.code(404).send(unknown(name)) : found;
  });

  const picture = { summary: 'The last picture, as JPEG', params: byName, response: { 404: problem } };
  app.get<ByName>('/api/streams/:name/snapshot.jpg', { schema: picture }, async ({ params: { name } }, reply) => {
    const jpeg = find(name) === undefined ? undefined : await streams.snapshot(name);
    if (jpeg === undefined) return reply.code(404).send(unknown(name));
    return reply.type('image/jpeg').header('cache-control', 'no-store').send(Buffer.from(jpeg));
  });

  const events = { summary: 'What happens to all streams, as server-sent events' };
  app.get('/api/events', { schema: events }, async (_, reply) => sendEvents(reply, streams.events));

  const own = { summary: 'What happens to a stream, as server-sent events', params: byName };
  app.get<ByName>('/api/streams/:name/events', { schema: own }, async ({ params: { name } }, reply) => {
    if (find(name) === undefined) return reply.code(404).send(unknown(name));
    sendEvents(reply, streams.events.pipe(filter((event) => event.stream === name)));
    return reply;
  });
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

  const stop = { summary: 'End a stream that is fetched', params: byName, response: { 404: problem } };
  app.delete<ByName>('/api/sources/:name', { schema: stop }, async ({ params: { name } }, reply) => {
    if (await streams.stopSource(name)) return reply.code(204).send();
    return reply.code(404).send(failure(404, `no stream that is fetched is called ${name}`).body);
  });
}
