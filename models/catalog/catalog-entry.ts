import { z } from 'zod';
import { isTensorType, type TensorType } from '../tensor.js';
import { adapterParameters } from './adapter-parameters.js';
import { type ModelFamily, modelFamilyNames, modelTasks } from './families.js';
import { licenceCodes } from './licences.js';

const bytes = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const licence = z.enum(licenceCodes);
const httpsUrl = z.url({ protocol: /^https$/ });

/** Ids of models: lower-case words, digits, dots and hyphens. They name folders of the cache. */
export const MODEL_ID = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
/** Names of files of a model; there are no folders inside a model. */
export const MODEL_FILE_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

/** An archive that holds a file of a model. */
const catalogArchive = z.strictObject({
  format: z.enum(['zip', 'tar', 'tar.gz']),
  /** Path inside the archive. A bare name means the one file of that name, in whichever folder it lies. */
  member: z.string().min(1),
  /** Size of the archive itself. */
  bytes: bytes.optional(),
  /** Digest of the archive itself. */
  sha256: sha256.optional(),
});

/** A file of a model. `bytes` and `sha256` are those of the file as it lies in the cache, after unpacking. */
export const catalogFile = z.strictObject({
  /**
   * Name in the cache, which says its role: `model.onnx` where one file runs; `encoder.onnx`, `decoder.onnx`; `tokenizer.json`,
   * `alphabet.txt`, `alphabet.json`, `config.json`, and so on.
   */
  name: z.string().regex(MODEL_FILE_NAME),
  /** Where it is fetched from: the file, or the archive that holds it. */
  url: httpsUrl,
  /** Further addresses of the same bytes, tried in turn. */
  mirrors: z.array(httpsUrl).min(1).optional(),
  /** Absent: not published. */
  bytes: bytes.optional(),
  /** Roughly, for listings, where the exact size is not published; never checked. */
  aboutBytes: bytes.optional(),
  /** Absent: not published; the first download is pinned. */
  sha256: sha256.optional(),
  archive: catalogArchive.optional(),
});
/** See {@link catalogFile}. */
export type CatalogFile = z.output<typeof catalogFile>;

const catalogTensor = z.strictObject({
  /** As in the file; `?` where the publisher's name is not known: then the position counts. */
  name: z.string().min(1),
  /** As in the file; `?` where it is not known. */
  type: z.custom<TensorType | '?'>((value) => typeof value === 'string' && (value === '?' || isTensorType(value))),
  /** Numbers are fixed sizes, words are symbols (any size, but the same wherever they appear), `?` is any size. */
  shape: z.array(z.union([z.int().positive(), z.string().min(1)])),
  /** What the numbers are: range, units, order. */
  meaning: z.string().min(1).optional(),
});
/** A tensor as a catalog entry tells it: a `TensorSpec` of which name and type may be unknown, written `?`. */
export type CatalogTensor = z.output<typeof catalogTensor>;

const catalogContract = z.strictObject({
  inputs: z.array(catalogTensor),
  outputs: z.array(catalogTensor),
  /** The file has further inputs than those named, such as a cache of keys and values. */
  moreInputs: z.literal(true).optional(),
});
/** Inputs and outputs of one file, in the order that its family expects them. */
export type CatalogContract = z.output<typeof catalogContract>;

/** Who may do what with a model. */
const catalogLicence = z.strictObject({
  /** SPDX id of the licence of the code that made it. */
  code: licence,
  /** SPDX id of the licence that the weights are published under. */
  weights: licence,
  /** `no`: the licence forbids commercial use. `care`: it allows it, but data or provenance raise a question, see `note`. */
  commercial: z.enum(['yes', 'no', 'care']),
  /** Credit that is asked for; what raises the question. */
  note: z.string().min(1).optional(),
});

/**
 * One model of the catalog, as in a file `models/catalog/<task>/<id>.json`. Unknown keys are errors.
 *
 * An entry without `files` is a model that nobody offers as ONNX: it names family, contract and parameters for a file that a person
 * converts and adds (`facts` says how).
 */
export const catalogEntry = z
  .strictObject({
    id: z.string().regex(MODEL_ID),
    /** A name for people. */
    title: z.string().min(1),
    task: z.enum(modelTasks),
    /** Which adapter reads it. */
    family: z.enum(modelFamilyNames as [ModelFamily, ...ModelFamily[]]),
    /** As its publisher counts. */
    version: z.string().min(1),
    licence: catalogLicence,
    /** A page about the model, by its makers if possible. */
    source: httpsUrl,
    files: z.array(catalogFile),
    /** Roughly all files together, where the size of single ones is not published; for listings only. */
    aboutBytes: bytes.optional(),
    /** By name of the `.onnx` file. */
    contract: z.record(z.string(), catalogContract),
    /** Parameters of the family's adapter. */
    adapter: adapterParameters,
    /** As published. */
    quality: z.string().min(1).optional(),
    /** Time and machine, as published. */
    speed: z.string().min(1).optional(),
    /** What was read where, what is only remembered, and how the digests are known. */
    facts: z.string().min(1),
  })
  .superRefine((entry, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const names = entry.files.map(({ name }) => name);
    if (new Set(names).size < names.length) problem('files', 'two files have one name');
    const graphs = names.filter((name) => name.endsWith('.onnx'));
    const told = Object.keys(entry.contract);
    for (const name of graphs) if (!told.includes(name)) problem('contract', `says nothing of ${name}`);
    if (names.length === 0) return;
    for (const name of told) if (!graphs.includes(name)) problem('contract', `tells of ${name}, which is no file`);
  });
/** See {@link catalogEntry}. */
export type CatalogEntry = z.output<typeof catalogEntry>;
/** Who may do what with a model. */
export type CatalogLicence = CatalogEntry['licence'];

/** How much has to be fetched for a model. */
export interface DownloadSize {
  /** Sum of what is known. */
  readonly bytes: number;
  /** `exact`; `rough`: some sizes are rounded; `partial`: some are not known at all; `unknown`: none is. */
  readonly known: 'exact' | 'rough' | 'partial' | 'unknown';
}

/** What pulling the model fetches: the archives where files come in archives. */
export function downloadSize(entry: Pick<CatalogEntry, 'files' | 'aboutBytes'>): DownloadSize {
  const exact = entry.files.map(({ bytes: size, archive }) => (archive === undefined ? size : archive.bytes));
  const rough = entry.files.map(({ bytes: size, aboutBytes }, i) => exact[i] ?? size ?? aboutBytes);
  const total = rough.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const misses = rough.filter((size) => size === undefined).length;
  if (misses > 0 && entry.aboutBytes !== undefined) return { bytes: entry.aboutBytes, known: 'rough' };
  if (misses > 0) return { bytes: total, known: total > 0 ? 'partial' : 'unknown' };
  return { bytes: total, known: exact.includes(undefined) ? 'rough' : 'exact' };
}
