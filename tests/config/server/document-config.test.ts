import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseServerConfig } from '../../../config/server/config-file.js';
import { type ConfigKey, configRoot, withoutNull } from '../../../config/server/config-keys.js';
import { documentedConfig } from '../../../config/server/document-config.js';
import { defaultServerConfig } from '../../../config/server/server-config.js';

const file = readFileSync(fileURLToPath(new URL('../../../config/vitascope.yaml', import.meta.url)), 'utf8');

/** Every key of the schema, by its way from the root. */
function keysOf(schema: ConfigKey, way: string): readonly (readonly [string, ConfigKey])[] {
  const { properties = {}, items } = withoutNull(schema);
  const own = Object.entries(properties).flatMap(
    ([name, key]) => [[`${way}${name}`, key] as const, ...keysOf(key, `${way}${name}.`)] as const,
  );
  return items === undefined ? own : [...own, ...keysOf(items, way)];
}

const keys = keysOf(configRoot(), '');

describe('config/vitascope.yaml', () => {
  it('is what the code says (npm run docs writes it)', () => {
    expect(file).toBe(documentedConfig());
  });

  it('equals the defaults', () => {
    expect(parseServerConfig(file, 'vitascope.yaml', {}).config).toEqual(defaultServerConfig());
  });

  it('shows every key, with what it means above it', () => {
    const bare = file.split('\n').map((line) => line.replace(/^[\s#]*(?=#)/, '').replace(/^[\s#-]*(?=[A-Za-z]+:)/, ''));
    expect(keys.length).toBeGreaterThan(60);
    for (const [way, { description }] of keys) {
      expect(description, way).toMatch(/^[A-Z`].{8,}[^.]$/s);
      const name = way.slice(way.lastIndexOf('.') + 1);
      const at = bare.findIndex((line, i) => line.startsWith(`${name}:`) && bare[i - 1]?.startsWith('# '));
      expect(at, way).toBeGreaterThan(0);
    }
  });

  it('has a range for every number', () => {
    const open = keys.filter(([, key]) => {
      const { type, minimum, maximum } = withoutNull(key);
      return (type === 'integer' || type === 'number') && (minimum === undefined || maximum === undefined);
    });
    expect(open.map(([way]) => way)).toEqual([]);
  });

  it('has an example of a source that is valid once its marks are gone', () => {
    const [, rest = ''] = file.split('\nsources: []\n');
    const [example = ''] = rest.split('\n\n');
    const text = `sources:\n${example.replace(/^#/gm, '')}`;
    expect(parseServerConfig(text, 'v.yaml', {}).config.sources).toMatchObject([{ name: 'yard', graph: 'colorize' }]);
  });
});
