import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CatalogEntry } from '../../../models/catalog/catalog-entry.js';
import { servers } from '../../helpers/model-server.js';
import { workspace } from '../../helpers/workspace.js';
import { entryOf, libraryIn, noise, sha256 } from './library-fixtures.js';

const content = noise(300_000);
const path = workspace();
const start = servers();
const child = fileURLToPath(new URL('./pull-child.ts', import.meta.url));

interface PullingProcess {
  readonly process: ChildProcess;
  /** Resolves when it printed the line. */
  said(line: string): Promise<void>;
  /** Its lines, when it has ended. */
  readonly lines: Promise<string[]>;
}

async function pullElsewhere(entry: CatalogEntry): Promise<PullingProcess> {
  await writeFile(path('entry.json'), JSON.stringify(entry));
  const process_ = spawn(process.execPath, ['--import', 'tsx', child, path('cache'), path('entry.json')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const listeners: (() => void)[] = [];
  process_.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (const listener of listeners) listener();
  });
  const lines = new Promise<string[]>((resolve) => {
    process_.once('close', () => resolve(text.split('\n').filter(Boolean)));
  });
  const said = (line: string) =>
    new Promise<void>((resolve) => {
      const look = (): void => {
        if (text.split('\n').includes(line)) resolve();
      };
      listeners.push(look);
      look();
    });
  return { process: process_, said, lines };
}

function gate(): { open: () => void; opened: Promise<void> } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('two processes with one cold cache', () => {
  it('download a model once: the second waits for the first', async () => {
    const server = await start.model();
    const { open, opened } = gate();
    const url = server.serve('/m.onnx', content, { gate: opened });
    const [a, b] = await Promise.all([pullElsewhere(entryOf(url, content)), pullElsewhere(entryOf(url, content))]);
    // Nothing is sent before one of them waits for the other.
    await Promise.race([a.said('waiting'), b.said('waiting')]);
    await Promise.race([a.said('downloading'), b.said('downloading')]);
    open();
    const [linesOfA, linesOfB] = await Promise.all([a.lines, b.lines]);
    expect([linesOfA, linesOfB].sort((x, y) => (x[0] ?? '').localeCompare(y[0] ?? ''))).toEqual([
      ['downloading', sha256(content)],
      ['waiting', sha256(content)],
    ]);
    expect(server.seen).toHaveLength(1);
    expect(server.sent).toBe(content.length);
  });

  it('go on with what one of them fetched before it was killed', async () => {
    const server = await start.model();
    const url = server.serve('/m.onnx', content, { dripsAfter: 200_000, etag: '"one"' });
    const entry = entryOf(url, content);
    const first = await pullElsewhere(entry);
    await first.said('downloading');
    const part = async () => (await libraryIn(path('cache'), entry).list()).find(({ id }) => id === 'tiny')?.bytes ?? 0;
    while ((await part()) < 200_000) await new Promise((resolve) => setImmediate(resolve));
    first.process.kill('SIGKILL');
    await first.lines;
    server.serve('/m.onnx', content, { etag: '"one"' });
    const phases = new Set<string>();
    const library = libraryIn(path('cache'), entry, { staleLockMs: 2000 });
    const model = await library.pull('tiny', { onProgress: ({ phase }) => phases.add(phase) });
    expect(sha256(await readFile(model.file().path))).toBe(sha256(content));
    expect([...phases]).toContain('waiting');
    expect(server.seen.at(-1)?.range).toMatch(/^bytes=2\d{5}-$/);
  });
});

describe('two libraries in one process', () => {
  it('download a model once', async () => {
    const server = await start.model();
    const entry = entryOf(server.serve('/m.onnx', content), content);
    const models = await Promise.all([1, 2, 3].map(() => libraryIn(path('cache'), entry).pull('tiny')));
    expect(models.map(({ state }) => state)).toEqual(['downloaded', 'downloaded', 'downloaded']);
    expect(server.seen).toHaveLength(1);
  });
});
