/** Entry of a probe while running from TypeScript source, as `inference-worker-from-source.mjs` is for workers. */
import { register } from 'tsx/esm/api';

register();
await import('./probe-entry.ts');
