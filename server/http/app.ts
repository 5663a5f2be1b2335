import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { systemClock } from '../clock.js';
import { createLog } from '../log.js';
import { WarningThrottle } from '../warning-throttle.js';
import { addApiRoutes } from './api-routes.js';
import { failure, failureOf } from './errors.js';
import { endSockets, socketOptions } from './event-socket.js';
import type { HttpAppOptions } from './http-app-options.js';
import { addMediaRoutes } from './media-routes.js';
import { streamMetrics } from './metrics/stream-metrics.js';
import { openApiDocument } from './open-api.js';
import { addPageRoutes } from './page-routes.js';
import { refusalOf } from './request-access.js';
import { logRequests } from './request-log.js';
import type { StreamRegistry } from './stream-registry.js';
import { senderOf, trustedProxies } from './trusted-proxies.js';

/**
 * The HTTP side of the server, not listening yet. `/healthz` and `/readyz` are open to all; the API asks for the token; media ask for keys of their own, and the
 * page is open. Where there is no token, only requests that name this machine as their host are answered, so that web pages cannot reach it under a name of theirs.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { streams, config, clock = systemClock, tls } = options;
  const log = options.log ?? createLog(config, options.logTo);
  const warnings = new WarningThrottle(log, clock);
  const isTrusted = trustedProxies(() => config.http.trustProxy);
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.limits.bodyKb * 1024,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    trustProxy: isTrusted,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
    // The types tell HTTP and HTTPS apart, of which nothing here depends.
    ...(tls === undefined ? {} : ({ https: tls } as object)),
  });
  app.server.maxConnections = config.limits.httpConnections;
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = failureOf(error);
    if (status === 500) request.log.error({ err: error }, 'a request failed');
    return reply.code(status).send(body);
  });
  logRequests(app, warnings);
  app.addHook('onClose', async () => warnings.close());
  await app.register(rateLimit, { max: config.limits.requestsPerMinute, timeWindow: 60_000 });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_, reply) =>
    reply.code(404).send(failure(404, 'there is nothing here').body),
  );
  await app.register(swagger, openApiDocument);
  await app.register(websocket, {
    options: { ...socketOptions, server: upgradesOf(app, options, isTrusted) },
    preClose: (done) => {
      endSockets(app.websocketServer, clock);
      done();
    },
  });
  addGuards(app, options);
  addHealthRoutes(app, streams);
  if (config.metrics.enabled) addMetricsRoute(app, options);
  addApiRoutes(app, options);
  addMediaRoutes(app, options);
  await addPageRoutes(app);
  return app;
}

function addGuards(app: FastifyInstance, { config }: HttpAppOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    // A socket that was to be upgraded and was not is good for nothing more.
    if (request.ws) reply.header('connection', 'close');
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer');
    reply.header('cross-origin-resource-policy', 'same-origin');
  });
  // After the limiter, so that tokens cannot be guessed without limit, and before bodies are read.
  app.addHook('preParsing', async (request, reply) => {
    const { access = 'token' } = request.routeOptions.config;
    if (access === 'open') return undefined;
    const refused = refusalOf(request.headers, access, request.ws, config.http);
    if (refused !== undefined) return reply.code(refused.status).send(refused.body);
    return undefined;
  });
}

/** Where WebSockets come from that are none of FLV. */
function upgradesOf(
  app: FastifyInstance,
  { media, config }: HttpAppOptions,
  isTrusted: (address: string) => boolean,
): Server {
  const others = new EventEmitter();
  app.server.on('upgrade', (request, socket: Socket, head) => {
    if (media !== undefined && isFlv(request.url)) {
      const refused = refusalOf(request.headers, 'own', true, config.http);
      if (refused !== undefined) socket.end(`HTTP/1.1 ${refused.status} Forbidden\r\nconnection: close\r\n\r\n`);
      if (refused !== undefined || media.upgradeFlv(request, socket, head, senderOf(request, isTrusted))) return;
    }
    others.emit('upgrade', request, socket, head);
  });
  return others as Server;
}

function isFlv(url = ''): boolean {
  return url.replace(/\?.*/s, '').endsWith('.flv');
}

function addHealthRoutes(app: FastifyInstance, streams: StreamRegistry): void {
  const about = (summary: string) =>
    ({ config: { access: 'open' }, schema: { summary, tags: ['health'], security: [] } }) as const;
  app.get('/healthz', about('Whether the server lives'), async () => ({ ok: true }));
  app.get('/readyz', about('Whether the server takes streams: 200, or 503'), async (_, reply) =>
    reply.code(streams.ready() ? 200 : 503).send({ ok: streams.ready() }),
  );
}

function addMetricsRoute(app: FastifyInstance, { streams, rtmp, config }: HttpAppOptions): void {
  const registry = streamMetrics(streams, rtmp);
  const access = config.metrics.open ? 'open' : 'token';
  const schema = { summary: 'Figures for Prometheus', tags: ['health'] };
  app.get('/metrics', { config: { access }, schema }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
