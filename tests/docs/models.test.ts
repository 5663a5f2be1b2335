import { describe, expect, it } from 'vitest';
import { modelFamilyNames } from '../../models/catalog/families.js';
import { builtinCatalog, findCatalogEntry } from '../../models/catalog/load-catalog.js';
import { catalogReference, familyReference, withModelReference } from '../../scripts/model-reference.js';
import { readPage } from './pages.js';

const page = readPage('docs/models.md');

describe('what is written about models', () => {
  it('lists the catalog and the families as the code has them (npm run docs writes it)', () => {
    expect(page).toBe(withModelReference(page));
  });

  it('names every model and every family once', () => {
    for (const { id } of builtinCatalog()) expect(catalogReference().split(`| \`${id}\` |`)).toHaveLength(2);
    for (const family of modelFamilyNames) expect(familyReference().split(`| \`${family}\` |`)).toHaveLength(2);
  });

  it('marks what may not be used commercially', () => {
    const forbidden = builtinCatalog().filter(({ licence }) => licence.commercial === 'no');
    expect(forbidden.length).toBeGreaterThan(0);
    for (const { id } of forbidden)
      expect(page).toMatch(new RegExp(`^\\| \`${id}\` .*\\*\\*not commercial\\*\\*`, 'm'));
  });

  it('pulls only models that the catalog has, and adds ones like those', () => {
    const named = [...page.matchAll(/(?:models (?:pull|show)|--like) ([a-z0-9.-]+)/g)].map(([, id = '']) => id);
    expect(named.length).toBeGreaterThan(4);
    for (const id of named.filter((word) => !word.startsWith('--'))) expect(findCatalogEntry(id).id).toBe(id);
  });
});
