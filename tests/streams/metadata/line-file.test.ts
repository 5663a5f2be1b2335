import { type FileHandle, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LineFile } from '../../../streams/metadata/line-file.js';
import { workspace } from '../../helpers/workspace.js';

/** What all file handles share. */
async function handles(path: string): Promise<FileHandle> {
  const handle = await open(path, 'w');
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}

const diskFull = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
const line = (i: number): string => `${i} ${'x'.repeat(1000)}`;

describe('LineFile', () => {
  const file = workspace();

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('appears under its name when it is finished, with every line', async () => {
    const lines = await LineFile.open(file('a.csv'));
    await lines.write('one');
    await lines.write('zwölf');
    expect(await readdir(file('.'))).toEqual(['a.partial.csv']);
    expect(await lines.finish()).toBe(file('a.csv'));
    expect(await readdir(file('.'))).toEqual(['a.csv']);
    expect(await readFile(file('a.csv'), 'utf8')).toBe('one\nzwölf\n');
  });

  it('refuses to replace a file, unless it is told to', async () => {
    await writeFile(file('a.csv'), 'old');
    await expect(LineFile.open(file('a.csv'))).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    const lines = await LineFile.open(file('a.csv'), { overwrite: true });
    expect(await readFile(file('a.csv'), 'utf8')).toBe('old');
    await lines.finish();
    expect(await readFile(file('a.csv'), 'utf8')).toBe('');
  });

  it('cannot be made in a folder that does not exist', async () => {
    await expect(LineFile.open(file('none/a.csv'))).rejects.toMatchObject({ code: 'OUTPUT_UNWRITABLE' });
  });

  it('leaves whole lines under the partial name when it is stopped, and nothing when it is discarded', async () => {
    const stopped = await LineFile.open(file('a.csv'));
    for (let i = 0; i < 200; i++) await stopped.write(line(i));
    expect(await stopped.stop()).toBe(file('a.partial.csv'));
    const text = await readFile(file('a.partial.csv'), 'utf8');
    expect(text.split('\n')).toEqual([...Array.from({ length: 200 }, (_, i) => line(i)), '']);
    const discarded = await LineFile.open(file('b.csv'));
    await discarded.write('one');
    await discarded.discard();
    expect(await readdir(file('.'))).toEqual(['a.partial.csv']);
  });

  it('keeps lines in memory only until some are worth writing, and lets its writer wait for the disk', async () => {
    const shared = await handles(file('probe'));
    const write = vi.spyOn(shared, 'write');
    const lines = await LineFile.open(file('a.csv'));
    for (let i = 0; i < 60; i++) await lines.write(line(i));
    expect(write).not.toHaveBeenCalled();
    for (let i = 60; i < 70; i++) await lines.write(line(i));
    expect(write).toHaveBeenCalledTimes(1);
    // Written by now, since its writer has waited.
    expect((await readFile(file('a.partial.csv'), 'utf8')).length).toBeGreaterThan(60_000);
    await lines.finish();
  });

  it('writes lines in order for writers that do not wait', async () => {
    const lines = await LineFile.open(file('a.csv'));
    await Promise.all(Array.from({ length: 300 }, (_, i) => lines.write(line(i))));
    await lines.finish();
    const numbers = (await readFile(file('a.csv'), 'utf8'))
      .trim()
      .split('\n')
      .map((text) => Number.parseInt(text, 10));
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  it('is OUTPUT_DISK_FULL on a full disk, for each line from then on, and ends in a whole line', async () => {
    const shared = await handles(file('probe'));
    const lines = await LineFile.open(file('a.csv'));
    for (let i = 0; i < 70; i++) await lines.write(line(i));
    const before = (await readFile(file('a.partial.csv'))).length;
    const real = shared.write;
    let calls = 0;
    vi.spyOn(shared, 'write').mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      if (calls++ > 0) return Promise.reject(diskFull);
      const [bytes, offset, , position] = args as [Buffer, number, number, number];
      return Reflect.apply(real, this, [bytes, offset, 100, position]) as never;
    } as never);
    const all = async (): Promise<void> => {
      for (let i = 70; i < 140; i++) await lines.write(line(i));
    };
    await expect(all()).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
    await expect(lines.write('more')).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
    await expect(lines.finish()).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
    await expect(lines.stop()).rejects.toMatchObject({ code: 'OUTPUT_DISK_FULL' });
    const left = await readFile(file('a.partial.csv'), 'utf8');
    expect(left).toHaveLength(before);
    expect(left.endsWith('\n')).toBe(true);
    expect(await readdir(file('.'))).not.toContain('a.csv');
  });
});
