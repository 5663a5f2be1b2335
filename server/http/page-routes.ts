import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pageFolder } from './page-folder.js';

/** The page may load what this server serves, and nothing else; video arrives as blobs. */
const CONTENT_POLICY = [
  "default-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A page for people at `/`. Its files are read once; there is nothing secret in them. */
export async function addPageRoutes(app: FastifyInstance): Promise<void> {
  const folder = pageFolder();
  for (const file of await readdir(folder)) {
    const body = await readFile(join(folder, file));
    addFile(app, file === 'index.html' ? '/' : `/page/${file}`, extname(file), body, 'no-cache');
  }
  const player = createRequire(import.meta.url).resolve('hls.js/dist/hls.light.min.mjs');
  addFile(app, '/page/hls.mjs', '.mjs', await readFile(player), 'public, max-age=604800');
}

function addFile(app: FastifyInstance, url: string, extension: string, body: Buffer, cacheControl: string): void {
  const type = types[extension];
  if (type === undefined) return;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  app.get(url, { config: { access: 'own' }, schema: { hide: true } }, (request, reply) => {
    reply.headers({ etag, 'cache-control': cacheControl, 'content-security-policy': CONTENT_POLICY });
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type(type).send(body);
  });
}
