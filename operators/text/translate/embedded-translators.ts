import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { embeddedFolder } from '../../../models/model-source.js';

/** A translator of the package. */
export interface EmbeddedTranslator {
  readonly id: string;
  /** BCP 47. */
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** A network, and the language that it is to translate into. */
export interface Leg {
  readonly id: string;
  readonly to: string;
}

const embeddedJson = z.object({
  id: z.string(),
  task: z.literal('translate'),
  adapter: z.object({ from: z.array(z.string()), to: z.array(z.string()) }),
});

/** Those of one pair come before those of several. */
export function embeddedTranslators(): readonly EmbeddedTranslator[] {
  const root = embeddedFolder();
  if (root === undefined) return [];
  const models: EmbeddedTranslator[] = [];
  for (const name of readdirSync(root)) {
    const path = join(root, name, 'model.json');
    if (!name.startsWith('translate-') || !existsSync(path)) continue;
    const { data } = embeddedJson.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (data !== undefined) models.push({ id: data.id, ...data.adapter });
  }
  return models.sort((a, b) => a.from.length + a.to.length - b.from.length - b.to.length);
}

/**
 * How texts come into a language: by one network, or by two through a language that both have.
 *
 * @param from BCP 47, or `auto` for all that there is a way from.
 * @returns By the language of the text.
 */
export function routesTo(
  translators: readonly EmbeddedTranslator[],
  from: string,
  to: string,
): ReadonlyMap<string, readonly Leg[]> {
  const sources = from === 'auto' ? new Set(translators.flatMap((each) => each.from)) : [from];
  const routes = new Map<string, readonly Leg[]>();
  for (const source of sources) {
    const route = source === to ? undefined : (direct(translators, source, to) ?? detour(translators, source, to));
    if (route !== undefined) routes.set(source, route);
  }
  return routes;
}

function direct(translators: readonly EmbeddedTranslator[], from: string, to: string): readonly Leg[] | undefined {
  const found = translators.find((each) => each.from.includes(from) && each.to.includes(to));
  return found === undefined ? undefined : [{ id: found.id, to }];
}

function detour(translators: readonly EmbeddedTranslator[], from: string, to: string): readonly Leg[] | undefined {
  for (const first of translators.filter((each) => each.from.includes(from))) {
    for (const between of first.to) {
      const second = direct(translators, between, to);
      if (second !== undefined) return [{ id: first.id, to: between }, ...second];
    }
  }
  return undefined;
}
