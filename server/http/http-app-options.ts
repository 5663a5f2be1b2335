import type { ServerConfig } from '../../config/server/server-config.js';
import type { Resolve } from '../url-policy.js';
import type { StreamRegistry } from './stream-registry.js';

/** What the HTTP side is made of. */
export interface HttpAppOptions {
  readonly streams: StreamRegistry;
  readonly config: Pick<ServerConfig, 'http' | 'limits' | 'pull' | 'metrics' | 'log'>;
  /** Default: the name service of the system. */
  readonly resolve?: Resolve | undefined;
  /** Where lines of the log go. Default standard error. */
  readonly logTo?: { write(line: string): void } | undefined;
}
