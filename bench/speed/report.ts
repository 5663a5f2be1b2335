import { readFile, writeFile } from 'node:fs/promises';

/** One comparison. */
export interface Row {
  readonly measured: string;
  readonly ours: string;
  readonly reference: string;
  /** Empty where there is nothing to compare with. */
  readonly ratio: string;
  readonly goal: string;
  /** Absent where there is no goal. */
  readonly met?: boolean;
}

/** What one benchmark has to say. */
export interface Section {
  readonly name: string;
  readonly title: string;
  readonly circumstances: string;
  readonly rows: readonly Row[];
  /** What was run, and what one must know to read the figures. */
  readonly notes: readonly string[];
}

export function toMarkdown({ title, circumstances, rows, notes }: Section): string {
  const cells = rows.map(({ measured, ours, reference, ratio, goal, met }) => {
    const verdict = met === undefined ? '' : met ? 'met' : '**missed**';
    return `| ${[measured, ours, reference, ratio, goal, verdict].join(' | ')} |`;
  });
  return [
    `### ${title}`,
    '',
    circumstances,
    '',
    '| measured | Vitascope | reference | ratio | goal | |',
    '|---|---|---|---|---|---|',
    ...cells,
    '',
    ...notes.map((note) => `- ${note}`),
  ].join('\n');
}

/** Replaces what stands between the section's markers in a Markdown file. @throws Error when the markers are missing. */
export function writeSection(path: string, section: Section): Promise<void> {
  return writeMarked(path, `bench:${section.name}`, toMarkdown(section));
}

/** Replaces what stands between `<!-- marker -->` and `<!-- /marker -->` in a Markdown file. @throws Error when the markers are missing. */
export async function writeMarked(path: string, marker: string, markdown: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no markers ${begin} … ${end}`);
  await writeFile(path, `${text.slice(0, from + begin.length)}\n${markdown}\n${text.slice(to)}`);
}
