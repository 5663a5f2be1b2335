/**
 * Worker entry while running from TypeScript source (tests, tsx). `--import tsx` does not reach the entry of a worker on
 * Node 20 (ERR_UNKNOWN_FILE_EXTENSION), so the loader is registered from inside.
 */
import { register } from 'tsx/esm/api';

register();
await import('./inference-worker.ts');
