/** Worker entry while running from TypeScript source; see `models/inference-worker-from-source.mjs`. */
import { register } from 'tsx/esm/api';

register();
await import('./painting-worker.ts');
