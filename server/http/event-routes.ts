import type { FastifyInstance } from 'fastify';
import { filter } from 'rxjs';
import type { z } from 'zod';
import { systemClock } from '../clock.js';
import { failure } from './errors.js';
import { sendToSocket } from './event-socket.js';
import { sendEvents } from './events.js';
import type { HttpAppOptions } from './http-app-options.js';
import { errorSchema, json, nameParameter } from './schemas.js';

type ByName = { Params: z.output<typeof nameParameter> };

/** What happens, as server-sent events and over WebSockets. */
export function addEventRoutes(app: FastifyInstance, options: HttpAppOptions): void {
  addServerSentEvents(app, options);
  addSockets(app, options);
}

function addServerSentEvents(app: FastifyInstance, { streams, clock = systemClock }: HttpAppOptions): void {
  const all = { summary: 'What happens to all streams, as server-sent events', produces: ['text/event-stream'] };
  app.get('/api/events', { schema: all }, (_, reply) => sendEvents(reply, streams.events, clock));

  const own = {
    summary: 'What happens to a stream, as server-sent events',
    params: json(nameParameter),
    produces: ['text/event-stream'],
    response: { 404: json(errorSchema) },
  };
  app.get<ByName>('/api/streams/:name/events', { schema: own }, ({ params: { name } }, reply) => {
    if (streams.list().some((each) => each.name === name))
      sendEvents(reply, streams.events.pipe(filter((event) => event.stream === name)), clock);
    else void reply.code(404).send(failure(404, `there is no stream ${name}`).body);
  });
}

function addSockets(app: FastifyInstance, { streams, clock = systemClock }: HttpAppOptions): void {
  const response = { 404: json(errorSchema), 426: json(errorSchema) };
  const upgrade = failure(426, 'this is a WebSocket').body;
  const all = { summary: 'What happens to all streams, over a WebSocket', response };
  app.route({
    method: 'GET',
    url: '/api/socket',
    schema: all,
    handler: (_, reply) => void reply.code(426).header('upgrade', 'websocket').send(upgrade),
    wsHandler: (socket) => sendToSocket(socket, streams.events, clock),
  });
  const isKnown = (name: string): boolean => streams.list().some((each) => each.name === name);
  app.route<ByName>({
    method: 'GET',
    url: '/api/streams/:name/socket',
    schema: { summary: 'What happens to a stream, over a WebSocket', params: json(nameParameter), response },
    preHandler: async ({ params: { name } }, reply) =>
      isKnown(name) ? undefined : reply.code(404).send(failure(404, `there is no stream ${name}`).body),
    handler: (_, reply) => void reply.code(426).header('upgrade', 'websocket').send(upgrade),
    wsHandler: (socket, { params: { name } }) =>
      sendToSocket(socket, streams.events.pipe(filter((event) => event.stream === name)), clock),
  });
}
