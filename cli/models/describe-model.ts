import {
  type CatalogContract,
  type CatalogFile,
  type CatalogTensor,
  downloadSize,
} from '../../models/catalog/catalog-entry.js';
import { isModelFamily, modelFamilies } from '../../models/catalog/families.js';
import { describeLicence, licenceUrl } from '../../models/catalog/licences.js';
import type { ModelEntry, ModelState } from '../../models/library/model-entry.js';
import { describeTensor } from '../../models/tensor.js';
import { formatBytes } from '../time-code.js';
import { formatSize, type ShownState, shownState } from './model-table.js';

const LABEL_WIDTH = 11;
const LINE_WIDTH = 100;

type Block = readonly [label: string, lines: readonly string[]];

const commercialUse = {
  yes: 'allowed',
  no: 'FORBIDDEN by the licence',
  care: 'allowed by the licence, but see the note',
} as const;

/** All that is known of a model, for `vitascope models show`. */
export function describeModel(entry: ModelEntry, state: ModelState, folder?: string): string {
  const blocks: Block[] = [
    ['Task', [`${entry.task}, family ${entry.family}, version ${entry.version}`]],
    ['Licence', licenceLines(entry)],
    ['Source', [entry.source]],
    ['State', [stateText(entry, state), ...(folder === undefined ? [] : [folder])]],
    ...block('Files', entry.files.flatMap(fileLines)),
    ...block('Reads', isModelFamily(entry.family) ? wrap(modelFamilies[entry.family].reads) : []),
    ...block(
      'Tensors',
      Object.entries(entry.contract).flatMap(([file, contract]) => tensorLines(file, contract)),
    ),
    ...block('Adapter', adapterLines(entry)),
    ...block('Quality', entry.quality === undefined ? [] : wrap(entry.quality)),
    ...block('Speed', entry.speed === undefined ? [] : wrap(entry.speed)),
    ['Facts', wrap(entry.facts)],
  ];
  const lines = blocks.flatMap(([label, texts]) =>
    texts.map((text, i) => `${(i === 0 ? `${label}:` : '').padEnd(LABEL_WIDTH)}${text}`),
  );
  return [`${entry.id}: ${entry.title}`, ...lines].join('\n');
}

/** The licence in a few lines: what it is, what it allows, where it stands. */
export function licenceLines({ licence }: ModelEntry): string[] {
  const { code, weights, commercial, note } = licence;
  const url = licenceUrl(weights);
  return [
    `weights: ${describeLicence(weights)}${code === weights ? '' : `; code: ${describeLicence(code)}`}`,
    `commercial use: ${commercialUse[commercial]}`,
    ...(note === undefined ? [] : wrap(note)),
    ...(url === undefined ? [] : [url]),
  ];
}

/** A block, unless it would be empty. */
function block(label: string, lines: readonly string[]): Block[] {
  return lines.length === 0 ? [] : [[label, lines]];
}

function adapterLines({ adapter }: ModelEntry): string[] {
  const text = JSON.stringify(adapter).replaceAll(',"', ', "');
  return text === '{}' ? [] : wrap(text);
}

function stateText(entry: ModelEntry, state: ModelState): string {
  const texts: Record<ShownState, string> = {
    embedded: 'embedded in the package: nothing to download',
    downloaded: 'downloaded',
    partial: `partly downloaded; \`vitascope models pull ${entry.id}\` goes on`,
    available: `available: \`vitascope models pull ${entry.id}\` downloads ${formatSize(downloadSize(entry))}`,
    added: 'added by you',
    'make it': 'nobody offers this file: make it yourself (see Facts) and add it',
  };
  return texts[shownState(entry, state)];
}

function fileLines(file: CatalogFile): string[] {
  const size =
    file.bytes === undefined
      ? file.aboutBytes === undefined
        ? ''
        : `, ~${formatBytes(file.aboutBytes)}`
      : `, ${formatBytes(file.bytes)}`;
  const digest =
    file.sha256 === undefined ? 'digest not published: the first download is pinned' : `sha256 ${file.sha256}`;
  const inside = file.archive === undefined ? '' : ` (${file.archive.member} in a ${file.archive.format})`;
  return [
    `${file.name}${size}, ${digest}`,
    `  ${file.url}${inside}`,
    ...(file.mirrors ?? []).map((url) => `  or ${url}`),
  ];
}

function tensorLines(file: string, contract: CatalogContract): string[] {
  const line = (side: string, tensor: CatalogTensor): string => {
    const name = tensor.name === '?' ? '(name not known)' : tensor.name;
    return `  ${side} ${name}: ${describeTensor(tensor)}${tensor.meaning === undefined ? '' : `, ${tensor.meaning}`}`;
  };
  return [
    file,
    ...contract.inputs.map((tensor) => line('in ', tensor)),
    ...(contract.moreInputs === true ? ['  in  … and others'] : []),
    ...contract.outputs.map((tensor) => line('out', tensor)),
  ];
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LINE_WIDTH - LABEL_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
