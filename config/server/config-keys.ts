import { z } from 'zod';
import { serverConfigSchema } from './server-config.js';

/** What the schema says of one key, as JSON Schema has it. */
export interface ConfigKey {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, ConfigKey>>;
  readonly required?: readonly string[];
  readonly items?: ConfigKey;
  readonly anyOf?: readonly ConfigKey[];
}

let cached: ConfigKey | undefined;

/** The whole configuration. */
export function configRoot(): ConfigKey {
  cached ??= z.toJSONSchema(serverConfigSchema, { io: 'input' }) as ConfigKey;
  return cached;
}

/** The key without the `null` that it may be as well; ranges and keys are those of what is left. */
export function withoutNull(key: ConfigKey): ConfigKey {
  const other = key.anyOf?.find(({ type }) => type !== 'null');
  return other === undefined
    ? key
    : { ...key, ...other, ...(key.description === undefined ? {} : { description: key.description }) };
}

/** Names of the keys that may stand at a place; none where there is no map with fixed keys. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  let key: ConfigKey | undefined = configRoot();
  for (const step of path) {
    const here: ConfigKey = withoutNull(key ?? {});
    key = typeof step === 'number' ? here.items : here.properties?.[step];
  }
  return Object.keys(withoutNull(key ?? {}).properties ?? {});
}
