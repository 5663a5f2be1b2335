import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of the package's `server/page/`, with a separator at its end.
 *
 * @param module URL of a module in `server/http/` of the source tree, or in `dist/server/http/` of the compiled one. Default: this one.
 */
export function pageFolder(module: string | URL = import.meta.url): string {
  const near = fileURLToPath(new URL('../page/', module));
  return existsSync(near) ? near : fileURLToPath(new URL('../../../server/page/', module));
}
