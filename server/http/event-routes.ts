import type { FastifyInstance, FastifyReply } from 'fastify';
import { filter, type Observable } from 'rxjs';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { systemClock } from '../clock.js';
import { failure } from './errors.js';
import { EventClients, MOST_EVENT_CLIENTS } from './event-clients.js';
import { sendToSocket } from './event-socket.js';
import { sendEvents } from './events.js';
import type { HttpAppOptions } from './http-app-options.js';
import { errorSchema, json, nameParameter } from './schemas.js';
import type { StreamEvent } from './stream-registry.js';

type ByName = { Params: z.output<typeof nameParameter> };

/** What happens, as server-sent events and over WebSockets. */
export function addEventRoutes(app: FastifyInstance, options: HttpAppOptions): void {
  const clients = new EventClients();
  addServerSentEvents(app, options, clients);
  addSockets(app, options, clients);
}

const crowded = failure(
  503,
  `${MOST_EVENT_CLIENTS} clients listen to events, which is as many as this server takes`,
).body;

function addServerSentEvents(
  app: FastifyInstance,
  { streams, clock = systemClock }: HttpAppOptions,
  clients: EventClients,
): void {
  const send = (reply: FastifyReply, events: Observable<StreamEvent>): void => {
    if (clients.full) {
      void reply.code(503).send(crowded);
      return;
    }
    clients.enter(reply.raw);
    sendEvents(reply, events, clock);
  };
  const all = {
    summary: 'What happens to all streams, as server-sent events',
    produces: ['text/event-stream'],
    response: { 503: json(errorSchema) },
  };
  app.get('/api/events', { schema: all }, (_, reply) => send(reply, streams.events));

  const own = {
    summary: 'What happens to a stream, as server-sent events',
    params: json(nameParameter),
    produces: ['text/event-stream'],
    response: { 404: json(errorSchema), 503: json(errorSchema) },
  };
  app.get<ByName>('/api/streams/:name/events', { schema: own }, ({ params: { name } }, reply) => {
    if (streams.list().some((each) => each.name === name))
      send(reply, streams.events.pipe(filter((event) => event.stream === name)));
    else void reply.code(404).send(failure(404, `there is no stream ${name}`).body);
  });
}

function addSockets(
  app: FastifyInstance,
  { streams, clock = systemClock }: HttpAppOptions,
  clients: EventClients,
): void {
  const response = { 404: json(errorSchema), 426: json(errorSchema), 503: json(errorSchema) };
  const send = (socket: WebSocket, events: Observable<StreamEvent>): void => {
    clients.enter(socket);
    sendToSocket(socket, events, clock);
  };
  const upgrade = failure(426, 'this is a WebSocket').body;
  const all = { summary: 'What happens to all streams, over a WebSocket', response };
  app.route({
    method: 'GET',
    url: '/api/socket',
    schema: all,
    preHandler: async (_, reply) => (clients.full ? reply.code(503).send(crowded) : undefined),
    handler: (_, reply) => void reply.code(426).header('upgrade', 'websocket').send(upgrade),
    wsHandler: (socket) => send(socket, streams.events),
  });
  const isKnown = (name: string): boolean => streams.list().some((each) => each.name === name);
  app.route<ByName>({
    method: 'GET',
    url: '/api/streams/:name/socket',
    schema: { summary: 'What happens to a stream, over a WebSocket', params: json(nameParameter), response },
    preHandler: async ({ params: { name } }, reply) => {
      if (!isKnown(name)) return reply.code(404).send(failure(404, `there is no stream ${name}`).body);
      return clients.full ? reply.code(503).send(crowded) : undefined;
    },
    handler: (_, reply) => void reply.code(426).header('upgrade', 'websocket').send(upgrade),
    wsHandler: (socket, { params: { name } }) =>
      send(socket, streams.events.pipe(filter((event) => event.stream === name))),
  });
}
