import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { pino } from 'pino';
import { isLoopbackHost } from '../../config/server/check-config.js';
import { redactUrl } from '../../config/server/redact.js';
import { addApiRoutes } from './api-routes.js';
import { hasBearer } from './auth.js';
import { failure, failureOf } from './errors.js';
import type { HttpAppOptions } from './http-app-options.js';
import { streamMetrics } from './metrics.js';
import type { StreamRegistry } from './stream-registry.js';

/**
 * The HTTP side of the server, not listening yet. `/healthz` and `/readyz` are open to all; the rest asks for the token, or, where there is none,
 * answers only requests that name this machine as their host, so that web pages cannot reach it under a name of theirs.
 */
export async function createHttpApp(options: HttpAppOptions): Promise<FastifyInstance> {
  const { streams, config } = options;
  const app = fastify({
    loggerInstance: logger(options) as FastifyBaseLogger,
    bodyLimit: config.limits.bodyKb * 1024,
    forceCloseConnections: true,
    requestTimeout: 30_000,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error, request, reply) => {
    const { status, body } = failureOf(error);
    if (status === 500) request.log.error({ err: error }, 'a request failed');
    return reply.code(status).send(body);
  });
  await app.register(rateLimit, { max: config.limits.requestsPerMinute, timeWindow: 60_000 });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_, reply) =>
    reply.code(404).send(failure(404, 'there is nothing here').body),
  );
  await app.register(swagger, { openapi: { info: { title: 'Vitascope', version: '1' } } });
  // After the limiter, so that tokens cannot be guessed without limit, and before bodies are read.
  app.addHook('preParsing', async (request, reply) => {
    const refused = refusal(request, config);
    if (refused !== undefined) return reply.code(refused.status).send(refused.body);
    return undefined;
  });
  addHealthRoutes(app, streams);
  if (config.metrics.enabled) addMetricsRoute(app, streams);
  addApiRoutes(app, options);
  return app;
}

function refusal(request: FastifyRequest, { http, metrics }: HttpAppOptions['config']) {
  const path = request.routeOptions.url;
  if (path === '/healthz' || path === '/readyz' || (path === '/metrics' && metrics.open)) return undefined;
  if (http.token === null)
    return isLoopbackHost(request.hostname) ? undefined : failure(403, 'this host is not served without a token');
  return hasBearer(request.headers.authorization, http.token) ? undefined : failure(401, 'a bearer token is needed');
}

function addHealthRoutes(app: FastifyInstance, streams: StreamRegistry): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ ok: true }));
  app.get('/readyz', { schema: { hide: true } }, async (_, reply) =>
    reply.code(streams.ready() ? 200 : 503).send({ ok: streams.ready() }),
  );
}

function addMetricsRoute(app: FastifyInstance, streams: StreamRegistry): void {
  const registry = streamMetrics(streams);
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}

/** Requests are logged without headers, and without what stands after the question mark: keys do. */
function logger({ config, logTo }: HttpAppOptions) {
  const settings = {
    level: config.log.level,
    redact: ['req.headers', 'url', 'token', 'key'],
    serializers: {
      req: (request: FastifyRequest) => ({ method: request.method, url: request.url.replace(/\?.*/s, '?***') }),
      err: (error: Error) => ({ message: hideUrls(error.message), stack: hideUrls(error.stack ?? '') }),
    },
  };
  return pino(settings, logTo ?? pino.destination(2));
}

function hideUrls(text: string): string {
  return text.replace(/[a-z][a-z0-9+.-]*:\/\/\S+/gi, redactUrl);
}
