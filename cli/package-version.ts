import { existsSync, readFileSync } from 'node:fs';

/** The version in the package's `package.json`, from source as well as from the built package. */
export function packageVersion(): string {
  const beside = new URL('../package.json', import.meta.url);
  const file = existsSync(beside) ? beside : new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
