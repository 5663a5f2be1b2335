import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of the package's `config/presets/`, with a separator at its end.
 *
 * @param module URL of a module in `config/` of the source tree, or in `dist/config/` of the compiled one. Default: this one.
 */
export function presetsFolder(module: string | URL = import.meta.url): string {
  const beside = fileURLToPath(new URL('./presets/', module));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../config/presets/', module));
}
