import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { safeName } from '../../config/server/stream-settings.js';
import type { HlsResponse } from '../../streams/hls/hls-stream.js';
import { clientAddress } from '../../streams/rtmp-server/client-address.js';
import { systemClock } from '../clock.js';
import { failure } from './errors.js';
import type { HttpAppOptions } from './http-app-options.js';
import { accessQuery, withAccess } from './playlist-access.js';
import { errorSchema, hlsFileParameters, json, playlistParameters, viewerQuerySchema } from './schemas.js';
import type { ViewerRefusal } from './stream-registry.js';

/** Milliseconds that a viewer may take to fetch one playlist, part or segment. Until then what it is sent stays in memory. */
const SEND_MS = 30_000;

/** Viewers are many behind one address and ask often; they are bounded by what may wait and how long. */
const media = { access: 'own', rateLimit: false } as const;

type HlsRoute = { Params: { name: string; rendition?: string; file: string } };

/** HLS and FLV. Viewers have keys of their own, which stand in the URL, and no token. */
export function addMediaRoutes(app: FastifyInstance, options: HttpAppOptions): void {
  const problem = json(errorSchema);
  const querystring = json(viewerQuerySchema);
  const response = { 403: problem, 404: problem, 429: problem };
  const master = { summary: 'The master playlist of HLS, `index.m3u8`', params: json(playlistParameters) };
  const file = { summary: 'Playlists, parts and segments of HLS', params: json(hlsFileParameters) };
  const about = { tags: ['media'], security: [{ key: [] }, {}], querystring, response };
  const handler = (request: FastifyRequest<HlsRoute>, reply: FastifyReply) => sendHls(options, request, reply);
  // Schemas describe only: what players add to URLs is passed over.
  const validatorCompiler = () => () => true;
  app.get<HlsRoute>('/hls/:name/:file', { config: media, validatorCompiler, schema: { ...master, ...about } }, handler);
  app.get<HlsRoute>(
    '/hls/:name/:rendition/:file',
    { config: media, validatorCompiler, schema: { ...file, ...about } },
    handler,
  );
  const flv = {
    summary: 'The stream as FLV, without end; also as a WebSocket',
    tags: ['media'],
    security: [{ key: [] }, {}],
  };
  app.get('/:app/:name.flv', { config: media, schema: flv }, (request, reply) => {
    allowOrigin(reply, options.config.http.allowOrigin);
    // It goes past Fastify, and would lose what hooks have set.
    for (const [name, value] of Object.entries(reply.getHeaders())) reply.raw.setHeader(name, String(value));
    if (options.media?.serveFlv(request.raw, reply.raw, clientAddress(request.ip)) === true) reply.hijack();
    else void reply.code(404).send(failure(404, 'there is no FLV here').body);
  });
}

async function sendHls(
  { streams, config, clock = systemClock }: HttpAppOptions,
  request: FastifyRequest<HlsRoute>,
  reply: FastifyReply,
): Promise<unknown> {
  const { name, rendition, file } = request.params;
  const query = new URLSearchParams(request.url.replace(/^[^?]*\??/, ''));
  const refused = safeName.test(name)
    ? await streams.refusesViewer(name, firstValues(query), clientAddress(request.ip))
    : ({ status: 404, reason: 'there is no such stream' } as const);
  if (refused !== undefined) return refuse(reply, refused);
  const path = rendition === undefined ? file : `${rendition}/${file}`;
  const gone = goneSignal(reply);
  const answer = await streams
    .hls(name)
    ?.handle({ path, query }, gone)
    .catch((error: unknown) => {
      if (!gone.aborted) throw error;
    });
  // Nobody is there any more to be told anything.
  if (gone.aborted) return reply.hijack();
  if (answer === undefined) return reply.code(404).send(failure(404, `stream ${name} has no HLS`).body);
  const { status, headers, body } = withKeys(answer, accessQuery(query));
  allowOrigin(reply, config.http.allowOrigin);
  const cancel = clock.after(SEND_MS, () => reply.raw.destroy());
  reply.raw.once('close', cancel);
  return reply.code(status).headers(headers).send(body);
}

function refuse(reply: FastifyReply, { status, reason, retryAfterS }: ViewerRefusal): FastifyReply {
  if (retryAfterS !== undefined) reply.header('retry-after', retryAfterS);
  return reply.code(status).send(failure(status, reason).body);
}

/** What was asked for with a key is for that viewer only, and playlists lead on with it. */
function withKeys(answer: HlsResponse, access: string | undefined): HlsResponse {
  if (access === undefined || answer.status !== 200) return answer;
  const cached = (answer.headers['cache-control'] ?? '').replace(/\bpublic\b,? ?/, '');
  const headers = { ...answer.headers, 'cache-control': `private, ${cached}` };
  if (answer.headers['content-type'] !== 'application/vnd.apple.mpegurl') return { ...answer, headers };
  const body = Buffer.from(withAccess(answer.body.toString(), access));
  return { status: 200, headers: { ...headers, 'content-length': String(body.length) }, body };
}

function allowOrigin(reply: FastifyReply, origin: string | null): void {
  if (origin === null) return;
  reply.header('access-control-allow-origin', origin).header('cross-origin-resource-policy', 'cross-origin');
}

function firstValues(query: URLSearchParams): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null);
  for (const [name, value] of query) values[name] ??= value;
  return values;
}

/** Aborted when the viewer goes before it has its answer. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => gone.abort());
  return gone.signal;
}
