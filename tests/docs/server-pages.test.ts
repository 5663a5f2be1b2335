import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../config/server/config-file.js';
import { keysAt } from '../../config/server/config-keys.js';
import { prepareGraphs } from '../../server/stream-plan.js';
import { verify } from '../../streams/rtmp-server/stream-keys.js';
import { codeBlocks, readPage, serverPages } from './pages.js';

const SECRET = 'secret-of-enough-characters';
/** Every variable is set. */
const environment = new Proxy<Record<string, string>>({}, { get: () => SECRET });

const examples = serverPages.flatMap((page) =>
  codeBlocks(readPage(page))
    .filter(({ language }) => language === 'yaml')
    .map(({ code }, i) => [`${page}, example ${i + 1}`, code] as const),
);

/** Keys in back-ticks that look as if they led through the configuration, such as `limits.streams`. */
function namedKeys(page: string): string[] {
  const sections = keysAt([]);
  const texts = [...page.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)+)(?:: [^`]*)?`/g)].map(([, key = '']) => key);
  return texts.filter((key) => sections.includes(key.split('.')[0] ?? ''));
}

describe('the pages about the server', () => {
  it('have examples worth checking', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  it.each(examples)('%s is a valid configuration, with graphs that exist', async (where, code) => {
    const { config } = parseServerConfig(code, where, environment);
    expect((await prepareGraphs(config)).size).toBeGreaterThan(0);
  });

  it.each(serverPages)('%s names only keys that there are', (page) => {
    const unknown = namedKeys(readPage(page)).filter((key) => {
      const way = key.split('.');
      return !keysAt(way.slice(0, -1)).includes(way.at(-1) ?? '');
    });
    expect(unknown).toEqual([]);
  });

  it.skipIf(spawnSync('openssl', ['version']).error !== undefined)('sign URLs with openssl as the server does', () => {
    const [script = ''] = codeBlocks(readPage('docs/security.md'))
      .filter(({ language }) => language === 'bash')
      .map(({ code }) => code);
    const env = { PATH: process.env.PATH, SIGNING_SECRET: SECRET };
    const printed = execFileSync('bash', ['-c', script], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const query = Object.fromEntries(new URLSearchParams(printed.trim()));
    expect(verify(query, { action: 'publish', path: 'live/cam1' }, SECRET, Date.now())).toBeUndefined();
  });
});
