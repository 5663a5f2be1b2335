import { z } from 'zod';

/** Names in paths of streams: they become parts of URLs and file names. */
export const safeName = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$/;
const nameRule = 'must be 1 to 64 letters, digits, hyphens and underscores, and begin and end with a letter or digit';

/** A name that is safe in URLs and file names. */
export const nameSchema = z.string().regex(safeName, nameRule);

function isRoutePath(path: string): boolean {
  const [app = '', name = '', ...more] = path.split('/');
  return more.length === 0 && safeName.test(app) && (name === '*' || safeName.test(name));
}

const secret = z.string().min(6, 'must have at least 6 characters').max(256);

/** Who may publish or watch. */
export const accessSchema = z.strictObject({
  key: secret
    .nullable()
    .default(null)
    .describe('Key that callers give as `?key=…`. `null`: none is asked for, except where `signed` is set'),
  signed: z
    .string()
    .min(16, 'must have at least 16 characters')
    .max(256)
    .nullable()
    .default(null)
    .describe('Secret with which URLs that expire are signed. `null`: signed URLs are not accepted'),
});

const scheme = (allowed: readonly string[]) =>
  z.string().refine((text) => allowed.includes(schemeOf(text)), `must be a URL that begins with ${allowed.join(', ')}`);

function schemeOf(text: string): string {
  try {
    return `${new URL(text).protocol}//`;
  } catch {
    return '';
  }
}

const hlsOutput = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether viewers get HLS. Parts and segments: see `hls` at the top level'),
});

const recordOutput = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether the processed stream is kept in files'),
  folder: z.string().min(1).default('recordings').describe('Folder of the files; each stream has one of its own in it'),
  container: z.enum(['mkv', 'mp4']).default('mkv').describe('Container of the files'),
  splitMinutes: z
    .int()
    .min(0)
    .max(1440)
    .default(60)
    .describe('Minutes after which a new file begins, at the next key frame; 0: never'),
});

const outputs = z.strictObject({
  rtmp: z
    .array(scheme(['rtmp://', 'rtmps://']))
    .max(8)
    .default([])
    .describe('Other servers that the processed stream is sent to: `rtmp://` or `rtmps://` URLs, at most 8'),
  hls: hlsOutput.prefault({}).describe('HLS for viewers of this server'),
  record: recordOutput.prefault({}).describe('Files of the processed stream'),
});

/** One step of the ladder that viewers choose from. */
export const renditionSchema = z.strictObject({
  name: nameSchema.describe('Name in the URLs of playlists, such as `720p`'),
  height: z.int().min(64).max(4320).describe('Lines; the width follows from the shape of the picture'),
  bitrateKbps: z.int().min(50).max(200_000).describe('Video bit rate, kilobits a second'),
});

const encoder = z.strictObject({
  codec: z.string().min(1).default('libx264').describe("Encoder by FFmpeg's name"),
  preset: z.string().min(1).nullable().default(null).describe("The encoder's speed preset. `null`: a fast one"),
  bitrateKbps: z
    .int()
    .min(50)
    .max(200_000)
    .nullable()
    .default(null)
    .describe('Video bit rate, kilobits a second. `null`: by size and frame rate'),
  keyFrameSeconds: z
    .number()
    .min(0.5)
    .max(20)
    .default(2)
    .describe('Seconds from key frame to key frame. HLS segments begin at key frames'),
  options: z.record(z.string(), z.string()).default({}).describe("Further options of the encoder, by FFmpeg's names"),
});

/** What is done with a stream, wherever it comes from; the same for routes and sources. */
export const processing = {
  graph: z
    .string()
    .min(1)
    .default('colorize')
    .describe('What pictures run through: the name of a graph, or the path of a YAML file'),
  options: z
    .array(z.string().regex(/^[^.=\s]+\.[^=\s]+=/, 'must look like node.option=value'))
    .default([])
    .describe('Options of the graph that differ: `node.option=value`, as `--set` takes them'),
  play: accessSchema.prefault({}).describe('Who may watch'),
  outputs: outputs.prefault({}).describe('Where the processed stream goes, besides RTMP and HTTP-FLV of this server'),
  renditions: z
    .array(renditionSchema)
    .max(8)
    .default([])
    .describe('Sizes that viewers of HLS may choose from, at most 8. None: the size of the graph only'),
  encoder: encoder.prefault({}).describe('How processed video is encoded'),
} as const;

/** What is published to some paths, and what happens with it. */
export const routeSchema = z.strictObject({
  path: z
    .string()
    .refine(isRoutePath, 'must look like live/cam1 or live/*')
    .describe('`app/name`, or `app/*` for all names. An exact path goes before a pattern'),
  publish: accessSchema.prefault({}).describe('Who may publish. A server that others can reach must ask for something'),
  ...processing,
});

/** A stream that the server fetches. */
export const sourceSchema = z.strictObject({
  name: nameSchema.describe('Name of the stream'),
  url: scheme([
    'rtsp://',
    'rtsps://',
    'rtmp://',
    'rtmps://',
    'http://',
    'https://',
    'srt://',
    'file://',
    'device://',
  ]).describe(
    'Where it comes from: `rtsp://`, `rtsps://`, `rtmp://`, `rtmps://`, `http://`, `https://`, `srt://`, `file:///…`, or `device://…` for a capture device',
  ),
  transport: z.enum(['tcp', 'udp']).default('tcp').describe('What RTSP runs over'),
  tlsVerify: z
    .boolean()
    .default(true)
    .describe('Whether the certificate of `rtsps://`, `rtmps://` and `https://` must be valid'),
  caFile: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('PEM file with the only authorities that are trusted. `null`: those that Node and the system know'),
  loop: z.boolean().default(true).describe('Whether a file begins again when it has ended'),
  ...processing,
});

/** What happens to what is published to some paths, complete. */
export type RouteConfig = z.output<typeof routeSchema>;
/** A stream that the server fetches, complete. */
export type SourceConfig = z.output<typeof sourceSchema>;
/** Who may publish or watch; both `null`: everybody who reaches the server. */
export type AccessConfig = z.output<typeof accessSchema>;
