import { Argument, Command, InvalidArgumentError } from 'commander';
import { disposeDefaultInferencePool } from '../../models/default-pool.js';
import { circumstances } from '../speed/machine.js';
import { writeMarked } from '../speed/report.js';
import { type FiguresOf, sectionMarkdown } from './section.js';

/** What figures need besides what is asked for on the command line. */
export interface Told {
  /** Told what is being done. */
  readonly progress: (text: string) => void;
}

/** Figures that one command prints. */
export interface FiguresPlan<Settings extends Told> {
  /** Of the script of package.json, which is part of the markers in a card: `quality:text` prints `reading` between `quality:text-reading`. */
  readonly name: string;
  readonly description: string;
  /** By the names by which they are asked for. */
  readonly sections: Readonly<Record<string, FiguresOf<Settings>>>;
  /** The name of what is printed when nothing is asked for. */
  readonly usual: string;
  /** Sections whose marker in a card is not made of both names. */
  readonly markers?: Readonly<Record<string, string>>;
}

/**
 * A command that prints figures as tables in Markdown and, asked to, writes them into a card. Its options, which have the names of the settings, are added by the caller;
 * `--shared` and `--write` are there.
 *
 * @throws Error when the card has no markers for the figures, or where the figures cannot be made.
 */
export function figuresCommand<Settings extends Told>({
  name,
  description,
  sections,
  usual,
  markers,
}: FiguresPlan<Settings>): Command {
  return new Command(`npm run ${name} --`)
    .description(`${description}\n\nFigures: ${Object.keys(sections).join(', ')}.`)
    .addArgument(
      new Argument('[figures]', 'what is measured, names with commas between')
        .argParser(namesOf(sections))
        .default([usual], usual),
    )
    .option('--shared <folder>', 'where data/ and weights/ are', '../shared')
    .option('--write <card>', 'Markdown file in which what is printed takes the place of what it had before')
    .action(async (names: readonly string[], options) => {
      const { write, ...settings } = options as Settings & { readonly write?: string };
      try {
        for (const asked of names) {
          const section = await (sections[asked] as FiguresOf<Settings>)({ ...settings, progress } as Settings);
          progress('');
          const markdown = sectionMarkdown(section, circumstances());
          console.log(`\n${markdown}`);
          if (write !== undefined) await writeMarked(write, markers?.[asked] ?? `${name}-${asked}`, markdown);
        }
      } finally {
        await disposeDefaultInferencePool();
      }
    });
}

/** Of an option, so many of something. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1 on.');
  return value;
}

/** Of an option, several with commas between. */
export function list(text: string): string[] {
  return text.split(',');
}

function namesOf(sections: Readonly<Record<string, unknown>>): (text: string) => string[] {
  return (text) => {
    const names = list(text);
    const unknown = names.find((name) => !Object.hasOwn(sections, name));
    if (unknown === undefined) return names;
    throw new InvalidArgumentError(`there are no figures "${unknown}"; there are ${Object.keys(sections).join(', ')}.`);
  };
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
