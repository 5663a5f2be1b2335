import { mkdir, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Command } from 'commander';
import { type FoundText, TextIndex } from '../../jobs/text-search/text-index.js';
import { VitascopeError } from '../../pipeline/index.js';
import { formatTime } from '../time-code.js';

interface SearchFlags {
  readonly limit: number;
  readonly thumbnails?: string;
  readonly json?: boolean;
}

const DEFAULT_LIMIT = 100;

export function searchCommand(): Command {
  return new Command('search')
    .description('Find the moments of films at which words are on screen, in an index that `vitascope index` made.')
    .argument('<index.sqlite>', 'the index')
    .argument('<words...>', 'words that are all there, or their beginnings; accents and capitals do not matter')
    .option('--limit <number>', 'moments at most', limitOf, DEFAULT_LIMIT)
    .option('--thumbnails <folder>', 'write the pictures of the moments there, as JPEG')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  vitascope search index.sqlite exit
  vitascope search index.sqlite defense fum            # finds "Défense de fumer", and "No smoking" where that is its original
  vitascope search index.sqlite '"way out"'            # words in quotes follow one another
  vitascope search index.sqlite exit --thumbnails found --json`,
    )
    .action(search);
}

async function search(path: string, words: readonly string[], flags: SearchFlags): Promise<void> {
  using index = TextIndex.open(path);
  const found = index.search(words.join(' '), { limit: flags.limit });
  const pictures = flags.thumbnails === undefined ? [] : await writeThumbnails(flags.thumbnails, found);
  const moments = found.map(({ thumbnail: _, ...moment }, i) =>
    pictures[i] === undefined ? moment : { ...moment, thumbnail: pictures[i] },
  );
  if (flags.json === true) process.stdout.write(`${JSON.stringify(moments, undefined, 2)}\n`);
  else for (const moment of moments) process.stdout.write(`${lineOf(moment)}\n`);
  if (found.length === 0) process.stderr.write('nothing found\n');
  if (found.length === flags.limit) process.stderr.write(`the first ${flags.limit}; --limit gives more\n`);
}

type Moment = Omit<FoundText, 'thumbnail'> & { readonly thumbnail?: string };

function lineOf({ film, fromUs, toUs, text, language, translation, thumbnail }: Moment): string {
  const meaning = translation === undefined || translation === '' ? '' : ` → "${translation}"`;
  const marks = [...(language === undefined ? [] : [`(${language})`]), ...(thumbnail === undefined ? [] : [thumbnail])];
  return [film, `${formatTime(fromUs, 1)}–${formatTime(toUs, 1)}`, `"${text}"${meaning}`, ...marks].join('  ');
}

/** @returns the path of each picture; moments of one picture share it. */
async function writeThumbnails(folder: string, found: readonly FoundText[]): Promise<readonly (string | undefined)[]> {
  const names = new Map<string, string>();
  try {
    await mkdir(folder, { recursive: true });
    const paths: (string | undefined)[] = [];
    for (const { film, atUs, thumbnail } of found) {
      const path = thumbnail && join(folder, freeName(names, film, atUs));
      if (path !== undefined && thumbnail !== undefined) await writeFile(path, thumbnail);
      paths.push(path);
    }
    return paths;
  } catch (cause) {
    throw new VitascopeError('OUTPUT_UNWRITABLE', `thumbnails cannot be written into ${folder}`, { cause });
  }
}

/** `film-0.12.3.jpg`; with a number where films of one name lie in several folders. */
function freeName(names: Map<string, string>, film: string, atUs: number): string {
  const time = formatTime(atUs, 1).replaceAll(':', '.');
  for (let copy = 1; ; copy++) {
    const name = `${parse(film).name}${copy === 1 ? '' : `-${copy}`}-${time}.jpg`;
    const owner = names.get(name);
    if (owner === undefined || owner === film) {
      names.set(name, film);
      return name;
    }
  }
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (text.trim() !== '' && Number.isInteger(limit) && limit >= 1) return limit;
  throw new VitascopeError('OPTION_INVALID', `--limit is a whole number from 1 on, got "${text}"`);
}
