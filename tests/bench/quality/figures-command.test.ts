import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { count, figuresCommand, type Told } from '../../../bench/quality/figures-command.js';
import { workspace } from '../../helpers/workspace.js';

interface Settings extends Told {
  readonly shared: string;
  readonly runs: number;
}

const inFolder = workspace();
const asked: Settings[] = [];

function command() {
  const section = (title: string) => (settings: Settings) => {
    asked.push(settings);
    return Promise.resolve({ title, markdown: `| ${settings.runs} |`, notes: ['of a test'] });
  };
  return figuresCommand<Settings>({
    name: 'quality:test',
    description: 'Figures of a test.',
    sections: { heights: section('Heights'), widths: section('Widths') },
    usual: 'heights',
    markers: { widths: 'quality:test' },
  })
    .option('--runs <count>', 'how often', count, 3)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
}

function run(...words: string[]) {
  return command().parseAsync(words, { from: 'user' });
}

describe('figuresCommand', () => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  afterEach(() => {
    printed.mockClear();
    asked.length = 0;
  });

  it('prints what is usual when nothing is asked for, with the defaults of its options', async () => {
    await run();
    expect(asked).toMatchObject([{ shared: '../shared', runs: 3 }]);
    expect(printed.mock.calls.flat().join('\n')).toMatch(/### Heights[\s\S]+\| 3 \|[\s\S]+- of a test/);
  });

  it('writes each of the figures between its markers', async () => {
    const card = inFolder('CARD.md');
    await writeFile(
      card,
      ['quality:test-heights', 'quality:test'].map((at) => `<!-- ${at} -->\nold\n<!-- /${at} -->`).join('\n'),
    );
    await run('heights,widths', '--runs', '5', '--write', card);
    expect(await readFile(card, 'utf8')).toMatch(/test-heights -->\n### Heights[\s\S]+ 5 [\s\S]+test -->\n### Widths/);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [['depths'], 'there are no figures "depths"; there are heights, widths'],
    [['--runs', 'none'], 'expected a whole number from 1 on'],
  ])('says what is wrong with %j', async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
    expect(asked).toEqual([]);
  });

  it('names all figures and options in its help', () => {
    const help = command().helpInformation();
    expect(help).toContain('Figures: heights, widths.');
    for (const option of ['--shared', '--write', '--runs']) expect(help).toContain(option);
  });
});
