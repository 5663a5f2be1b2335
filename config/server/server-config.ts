import { isIP } from 'node:net';
import { z } from 'zod';
import { routeSchema, sourceSchema } from './stream-settings.js';

const port = z.int().min(0).max(65535);
const host = z.string().min(1).max(253);

/** An address, or a network such as `10.0.0.0/8`. */
const network = z.string().refine((text) => {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && (prefix === undefined || Number(prefix) <= (version === 4 ? 32 : 128));
}, 'must be an address such as 10.0.0.7, or a network such as 10.0.0.0/8');

const publicUrl = (pattern: RegExp, example: string) =>
  z.string().max(300).regex(pattern, `must look like ${example}, with nothing after it`).nullable().default(null);

const certificate = {
  certFile: z.string().min(1).describe('PEM file with the certificate and its chain'),
  keyFile: z.string().min(1).describe('PEM file with the private key'),
} as const;

const rtmp = z.strictObject({
  host: host.default('127.0.0.1').describe('Address to listen on; `0.0.0.0` or `::` for all'),
  port: port.default(1935).describe('TCP port; 0: one that is free'),
  publicUrl: publicUrl(/^rtmps?:\/\/[^/?#\s@]+$/, 'rtmp://video.example').describe(
    'What others know RTMP of this server by, such as `rtmp://video.example`; shown in URLs. `null`: the address that it listens on',
  ),
  tls: z
    .strictObject({ port: port.default(1936).describe('TCP port of RTMPS; 0: one that is free'), ...certificate })
    .nullable()
    .default(null)
    .describe('RTMPS beside RTMP. `null`: none'),
});

const http = z.strictObject({
  host: host.default('127.0.0.1').describe('Address to listen on; `0.0.0.0` or `::` for all'),
  port: port.default(8080).describe('TCP port; 0: one that is free'),
  publicUrl: publicUrl(/^https?:\/\/[^/?#\s@]+$/, 'https://video.example').describe(
    'What others know HTTP of this server by, such as `https://video.example`; shown in URLs. `null`: the address that it listens on',
  ),
  tls: z.strictObject(certificate).nullable().default(null).describe('HTTPS instead of HTTP. `null`: HTTP'),
  token: z
    .string()
    .min(16, 'must have at least 16 characters')
    .max(256)
    .nullable()
    .default(null)
    .describe('Bearer token of the API. `null`: none, which only a server that nobody else can reach may have'),
  allowOrigin: z
    .union([
      z.literal('*'),
      z.string().regex(/^https?:\/\/[^/?#\s@]+$/, 'must be `*` or look like https://www.example.com'),
    ])
    .nullable()
    .default(null)
    .describe(
      'Web pages of another origin that may read HLS and FLV, such as `https://www.example.com`; `*`: all. `null`: none',
    ),
  allowFileOptions: z
    .boolean()
    .default(false)
    .describe(
      'Whether callers of the API may set options that name files of this machine: filter chains, and models by path',
    ),
  trustProxy: z
    .array(network)
    .max(64)
    .default([])
    .describe(
      'Addresses and networks of proxies in front, such as `127.0.0.1` or `10.0.0.0/8`, whose `X-Forwarded-For` says who asks',
    ),
});

const pull = z.strictObject({
  protocols: z
    .array(z.enum(['rtsp', 'rtsps', 'rtmp', 'rtmps', 'http', 'https', 'srt']))
    .default(['rtsp', 'rtsps', 'rtmp', 'rtmps', 'http', 'https', 'srt'])
    .describe('Protocols that callers of the API may name'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether callers of the API may name addresses of this machine and of private networks'),
  hosts: z.array(host).default([]).describe('Hosts that callers of the API may name although they are private'),
});

const limits = z.strictObject({
  streams: z.int().min(1).max(1000).default(10).describe('Streams at once'),
  width: z.int().min(16).max(16384).default(3840).describe('Widest picture of a publisher, pixels'),
  height: z.int().min(16).max(16384).default(2160).describe('Highest picture of a publisher, pixels'),
  frameRate: z.number().min(1).max(1000).default(120).describe('Most pictures a second of a publisher'),
  bitrateKbps: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(50_000)
    .describe('Highest bit rate of a publisher, kilobits a second'),
  players: z.int().min(1).max(100_000).default(100).describe('Players of one stream at once'),
  playerBufferMb: z
    .number()
    .min(0.1)
    .max(1024)
    .default(8)
    .describe('Megabytes that may wait for a slow player before it is cut off'),
  memoryMb: z
    .int()
    .min(64)
    .max(1_048_576)
    .default(2048)
    .describe('Megabytes that the process of a stream may use before it is started anew'),
  publishTimeoutMs: z
    .int()
    .min(1000)
    .max(600_000)
    .default(15_000)
    .describe('Milliseconds of silence after which a publisher is cut off'),
  connectionsPerMinute: z
    .int()
    .min(1)
    .max(100_000)
    .default(120)
    .describe('RTMP connections from one address in a minute'),
  requestsPerMinute: z.int().min(1).max(1_000_000).default(1200).describe('API requests from one address in a minute'),
  httpConnections: z
    .int()
    .min(10)
    .max(1_000_000)
    .default(2000)
    .describe('HTTP connections at once, those of viewers of HLS and FLV among them'),
  bodyKb: z.int().min(1).max(10_240).default(64).describe('Largest body of an API request, kilobytes'),
});

const hls = z.strictObject({
  partMs: z.int().min(50).max(2000).default(200).describe('Length of a part, milliseconds; not longer than a segment'),
  segmentMs: z.int().min(500).max(20_000).default(2000).describe('Length of a segment, milliseconds'),
  windowSegments: z.int().min(3).max(1000).default(6).describe('Segments that a playlist holds'),
});

const supervisor = z.strictObject({
  heartbeatMs: z.int().min(50).max(60_000).default(1000).describe('Milliseconds between two signs of life of a stream'),
  hangMs: z
    .int()
    .min(200)
    .max(600_000)
    .default(10_000)
    .describe('Milliseconds without one after which a stream is started anew; more than `heartbeatMs`'),
  startMs: z.int().min(500).max(600_000).default(60_000).describe('Milliseconds that a stream may take to start'),
  restartFirstMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(500)
    .describe('Milliseconds before the first restart; they double with each one that follows'),
  restartMaxMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(30_000)
    .describe('Most milliseconds before a restart; not less than `restartFirstMs`'),
  stableMs: z
    .int()
    .min(0)
    .max(3_600_000)
    .default(60_000)
    .describe('Milliseconds after which a stream that runs counts as well again'),
  holdPictureMs: z
    .int()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('Milliseconds without pictures after which viewers get a holding picture'),
  awayMs: z
    .int()
    .min(0)
    .max(1_800_000)
    .default(60_000)
    .describe('Milliseconds that a stream waits for its publisher to come back before it ends'),
  drainMs: z
    .int()
    .min(0)
    .max(600_000)
    .default(10_000)
    .describe('Milliseconds that a stream has to end its files and playlists'),
  killMs: z.int().min(0).max(600_000).default(5000).describe('Milliseconds from SIGTERM to SIGKILL after that'),
});

const metrics = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether `/metrics` exists'),
  open: z.boolean().default(false).describe('Whether `/metrics` may be read without the token'),
});

const log = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('The least serious lines that are written'),
});

/** Everything that `vitascope.yaml` may hold; every key has a description and nearly all a default. */
export const serverConfigSchema = z.strictObject({
  rtmp: rtmp.prefault({}).describe('Where publishers and RTMP players connect'),
  http: http.prefault({}).describe('Where the API, HLS and HTTP-FLV are'),
  routes: z
    .array(routeSchema)
    .max(1000)
    .prefault([{ path: 'live/*' }])
    .describe('What happens to streams that are published, by their path'),
  sources: z.array(sourceSchema).max(1000).default([]).describe('Streams that the server fetches'),
  pull: pull
    .prefault({})
    .describe('What callers of the API may have the server fetch. Sources in this file are not concerned'),
  limits: limits.prefault({}).describe('What publishers, players and callers may use up'),
  hls: hls.prefault({}).describe('Parts, segments and playlists of HLS'),
  supervisor: supervisor.prefault({}).describe('How processes of streams are watched, started anew and ended'),
  metrics: metrics.prefault({}).describe('Figures for Prometheus'),
  log: log.prefault({}).describe('Lines on standard error'),
});

/** The configuration of the server, complete. */
export type ServerConfig = z.output<typeof serverConfigSchema>;

/** The configuration of a server that has no file: this machine only, one route `live/*`. */
export function defaultServerConfig(): ServerConfig {
  return serverConfigSchema.parse({});
}
