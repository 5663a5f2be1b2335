import { get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../../../server/log.js';
import { MediaServer } from '../../../server/media-server.js';
import { testConfig } from '../../helpers/media-server.js';

let server: MediaServer | undefined;
afterEach(async () => await server?.close());

/** A server in front of which a trusted proxy is; `lines` is its log. */
async function serve() {
  const config = testConfig(`
http: { port: 0, trustProxy: [127.0.0.1] }
routes: [{ path: closed/*, play: { key: watchme } }]
`);
  const lines: string[] = [];
  const log = createLog({ log: { level: 'info' } }, { write: (line) => lines.push(line) });
  const started = await MediaServer.start({ config, provider: 'cpu', log });
  server = started;
  const ask = (path: string, client: string, more: Record<string, string> = {}) =>
    new Promise<{ status: number | undefined; retryAfter: string | undefined }>((resolve, reject) => {
      const headers = { 'x-forwarded-for': client, ...more };
      const request = get({ host: '127.0.0.1', port: started.ports.http, path, headers, agent: false }, (response) => {
        const { statusCode: status, headers } = response.resume();
        resolve({ status, retryAfter: headers['retry-after'] });
      });
      request.on('error', reject);
    });
  return { ask, lines };
}

const upgrade = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('viewers that are refused', () => {
  it('may not go on guessing, by whichever way, and are told when to come again', async () => {
    const { ask } = await serve();
    for (let i = 0; i < 29; i += 1)
      expect(await ask(`/closed/cam1.flv?key=guess-${i}`, '192.0.2.1')).toMatchObject({ status: 403 });
    expect(await ask('/closed/cam1.flv?key=guess', '192.0.2.1', upgrade)).toMatchObject({ status: 403 });
    for (const headers of [{}, upgrade]) {
      const { status, retryAfter } = await ask('/closed/cam1.flv?key=watchme', '192.0.2.1', headers);
      expect([status, Number(retryAfter) > 0]).toEqual([429, true]);
    }
    expect(await ask('/closed/cam1.flv?key=guess', '192.0.2.2')).toMatchObject({ status: 403 });
  });

  it('stand in the log with the name of the stream, or with the path where it belongs to none', async () => {
    const { ask, lines } = await serve();
    await ask('/closed/cam1.flv?key=guess', '192.0.2.1');
    await ask('/studio/cam1.flv?key=guess', '192.0.2.1');
    const refused = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'stream');
    expect(refused.map(({ stream, msg }) => [stream, msg])).toEqual([
      ['cam1', expect.stringContaining('http-flv client 192.0.2.1 may not play closed/cam1: ')],
      ['studio/cam1', expect.stringContaining('http-flv client 192.0.2.1 may not play studio/cam1: ')],
    ]);
    expect(lines.join()).not.toContain('guess');
  });
});
