import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pageFolder } from '../../../server/http/page-folder.js';
import { type ServeHttpOptions, serveHttp } from '../../helpers/http-app.js';

const apps: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

async function page(options: ServeHttpOptions = {}) {
  const { app } = await serveHttp(options);
  apps.push(app);
  return app;
}

const files = await readdir(pageFolder());
const text = async (file: string) => await readFile(join(pageFolder(), file), 'utf8');

describe('the page', () => {
  it('is there without a token, and loads nothing from elsewhere', async () => {
    const app = await page({ token: '0123456789abcdef' });
    const reply = await app.inject({ url: '/', headers: { host: 'video.example' } });
    expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = String(reply.headers['content-security-policy']).split('; ');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
    expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  });

  it('has no script or style in its text, and names only files that are there', async () => {
    const html = await text('index.html');
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)/i);
    const app = await page();
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    const scripts = await Promise.all(files.filter((file) => file.endsWith('.js')).map(text));
    const imported = scripts.flatMap((script) => [...script.matchAll(/'\.\/([\w.]+)'/g)].map(([, f]) => `/page/${f}`));
    expect(imported).toContain('/page/hls.mjs');
    for (const url of [...named, ...imported]) expect([url, (await app.inject(url)).statusCode]).toEqual([url, 200]);
  });

  it('looks only for elements that it has', async () => {
    const html = await text('index.html');
    const scripts = (await Promise.all(files.filter((file) => file.endsWith('.js')).map(text))).join('\n');
    const ids = [...scripts.matchAll(/(?:getElementById|[^#\w]find)\('([\w-]+)'\)/g)].map(([, id = '']) => id);
    expect(ids.length).toBeGreaterThan(8);
    expect(ids.filter((id) => !html.includes(`id="${id}"`))).toEqual([]);
  });

  it('is not sent again to those who have it', async () => {
    const app = await page();
    const first = await app.inject('/page/hls.mjs');
    expect(first.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(first.body).toContain('lowLatencyMode');
    const again = await app.inject({ url: '/page/hls.mjs', headers: { 'if-none-match': String(first.headers.etag) } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it.each(['/page/', '/page/../app.ts', '/page/..%2Fhttp%2Fapp.ts', '/page/index.html', '/page/nothing.js'])(
    'is not a way to %s',
    async (url) => {
      expect((await (await page()).inject(url)).statusCode).toBe(404);
    },
  );

  it('is not served under names of others where there is no token', async () => {
    expect((await (await page()).inject({ url: '/', headers: { host: 'evil.example' } })).statusCode).toBe(403);
  });
});

describe('pageFolder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'vitascope-package-'));
    await mkdir(join(root, 'server', 'page'), { recursive: true });
    await mkdir(join(root, 'dist', 'server', 'http'), { recursive: true });
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each([
    ['the source tree', ['server', 'http', 'page-folder.ts']],
    ['the compiled package', ['dist', 'server', 'http', 'page-folder.js']],
  ])('is found from %s', (_, path) => {
    expect(pageFolder(pathToFileURL(join(root, ...path)))).toBe(join(root, 'server', 'page') + sep);
  });

  it('is part of the package', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(manifest.files).toContain('server/page');
  });
});
