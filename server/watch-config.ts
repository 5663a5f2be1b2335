import { watch } from 'chokidar';
import { loadServerConfig } from '../config/server/config-file.js';
import type { ServerConfig } from '../config/server/server-config.js';

/** Who hears of changes of a configuration file. */
export interface ConfigListener {
  /** The file has changed and is valid. */
  readonly changed: (config: ServerConfig) => Promise<void>;
  /** It cannot be read, is not valid, or could not be applied. */
  readonly failed: (error: unknown) => void;
}

/** An editor has stopped writing when the file has stayed the same for so long, milliseconds. */
const SETTLED_MS = 200;

/**
 * Watches a configuration file, also where editors replace it. Changes are applied one after another.
 *
 * @returns once the file is watched: what reads it at once, and what ends the watching.
 */
export async function watchConfig(
  file: string,
  listener: ConfigListener,
): Promise<{ readonly reload: () => void; readonly close: () => Promise<void> }> {
  let last = Promise.resolve();
  const reload = (): void => {
    last = last.then(async () => {
      try {
        await listener.changed((await loadServerConfig(file)).config);
      } catch (error) {
        listener.failed(error);
      }
    });
  };
  const watcher = watch(file, {
    ignoreInitial: true,
    atomic: true,
    awaitWriteFinish: { stabilityThreshold: SETTLED_MS, pollInterval: 50 },
  });
  watcher.on('change', reload).on('add', reload).on('error', listener.failed);
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return {
    reload,
    close: async () => {
      await watcher.close();
      await last;
    },
  };
}
