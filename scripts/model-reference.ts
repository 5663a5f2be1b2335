import { formatSize } from '../cli/models/model-table.js';
import { type CatalogEntry, downloadSize } from '../models/catalog/catalog-entry.js';
import { modelFamilies, modelFamilyNames, modelTasks } from '../models/catalog/families.js';
import { builtinCatalog } from '../models/catalog/load-catalog.js';

/** Between these lines `docs/models.md` holds what {@link catalogReference} and {@link familyReference} give. */
export const modelMarks = {
  catalog: { begin: '<!-- catalog: begin; written by `npm run docs` -->', end: '<!-- catalog: end -->' },
  families: { begin: '<!-- families: begin; written by `npm run docs` -->', end: '<!-- families: end -->' },
} as const;

/** The models of the catalog in Markdown, a table a task. */
export function catalogReference(catalog: readonly CatalogEntry[] = builtinCatalog()): string {
  const sections = modelTasks.flatMap((task) => {
    const rows = catalog.filter((entry) => entry.task === task).map(catalogRow);
    if (rows.length === 0) return [];
    const header = ['| id | model | download | licence | quality and speed, as published |', '|---|---|---|---|---|'];
    return [`### ${task}`, '', ...header, ...rows].join('\n');
  });
  return sections.join('\n\n');
}

/** The families in Markdown: what their adapters read. */
export function familyReference(): string {
  const rows = modelFamilyNames.map((name) => {
    const { tasks, files, reads } = modelFamilies[name];
    return `| \`${name}\` | ${tasks.join(', ')} | ${files.map((file) => `\`${file}\``).join(', ')} | ${reads} |`;
  });
  return ['| family | tasks | files | inputs → outputs |', '|---|---|---|---|', ...rows].join('\n');
}

/** The page with both replaced. */
export function withModelReference(page: string): string {
  const withCatalog = replaceBetween(page, modelMarks.catalog, catalogReference());
  return replaceBetween(withCatalog, modelMarks.families, familyReference());
}

function replaceBetween(page: string, marks: { begin: string; end: string }, text: string): string {
  const [begin, end] = [page.indexOf(marks.begin), page.indexOf(marks.end)];
  if (begin < 0 || end < begin) throw new Error(`the page lacks the marks ${marks.begin} and ${marks.end}`);
  return `${page.slice(0, begin)}${marks.begin}\n\n${text}\n\n${page.slice(end)}`;
}

function catalogRow(entry: CatalogEntry): string {
  const size = entry.files.length === 0 ? 'make it' : formatSize(downloadSize(entry));
  const about = [entry.quality, entry.speed].filter((text) => text !== undefined).join('; ');
  return `| \`${entry.id}\` | [${entry.title}](${entry.source}) | ${size} | ${licenceCell(entry)} | ${about} |`;
}

function licenceCell({ licence }: CatalogEntry): string {
  const mark = { yes: '', no: ', **not commercial**', care: ', see its note' }[licence.commercial];
  return `${licence.weights}${mark}`;
}
