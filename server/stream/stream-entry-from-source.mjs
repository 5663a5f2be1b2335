/** The entry of a stream's process while running from TypeScript source (tests, tsx): the loader is registered from inside. */
import { register } from 'tsx/esm/api';

register();
await import('./stream-entry.ts');
