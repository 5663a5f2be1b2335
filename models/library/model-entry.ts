import type { CatalogEntry, CatalogLicence } from '../catalog/catalog-entry.js';
import type { ModelTask } from '../catalog/families.js';

/** A licence as whoever added the model wrote it. */
export type ModelLicence = Omit<CatalogLicence, 'code' | 'weights'> & {
  /** SPDX id, or words. */
  readonly code: string;
  /** SPDX id, or words. */
  readonly weights: string;
};

/**
 * What is known of a model, wherever it comes from: an entry of the catalog, or the same told of an embedded model or of one that
 * a person added. An embedded model names the family whose adapter reads it in
 * its `model.json`; one that belongs to an operator of its own has its id for a family.
 */
export type ModelEntry = Omit<CatalogEntry, 'family' | 'task' | 'licence'> & {
  /** Name of the adapter that reads it. */
  readonly family: string;
  readonly task: ModelTask;
  readonly licence: ModelLicence;
};

/** How much of a model is on this machine. */
export type ModelState =
  /** It is part of the package. */
  | 'embedded'
  /** Complete, from the catalog. */
  | 'downloaded'
  /** Begun, or damaged; `pull` completes it. */
  | 'partial'
  /** Only in the catalog. */
  | 'available'
  /** Added by a person. */
  | 'added';
