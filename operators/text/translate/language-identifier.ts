import { spawnWorker } from '../../../models/spawn-worker.js';
import { WorkerCalls } from '../../worker-calls.js';

/** How much texts are like each of some languages: 0–1 by BCP 47; nothing of languages that have nothing of the text. */
export type LanguageScores = Readonly<Record<string, number>>;

/** Tells how much texts are like languages. */
export interface LanguageIdentifier {
  /** @returns In the order of the texts. */
  identify(texts: readonly string[]): Promise<readonly LanguageScores[]>;
  close(): Promise<void>;
}

/**
 * Compares texts with what `eld` knows of languages, in a thread of its own: loading that takes nearly half a second, in which no frame would pass. The
 * thread starts at once, holds about 150 MB (46 MB of them its heap), and keeps no process alive.
 */
export class ThreadedLanguageIdentifier implements LanguageIdentifier {
  readonly #calls: WorkerCalls<readonly string[], readonly LanguageScores[]>;

  /** @param languages Those that texts may be in, BCP 47; the fewer, the surer. */
  constructor(languages: readonly string[]) {
    const worker = spawnWorker(import.meta.url, 'language-worker', { name: 'vitascope-languages', data: languages });
    this.#calls = new WorkerCalls(worker, 'translate-text');
  }

  /** @throws VitascopeError `WORKER_LOST` when the thread has ended. */
  identify(texts: readonly string[]): Promise<readonly LanguageScores[]> {
    return this.#calls.ask(texts);
  }

  /** It answers nothing any more. */
  get hasEnded(): boolean {
    return this.#calls.hasEnded;
  }

  close(): Promise<void> {
    return this.#calls.close();
  }
}

/** By languages: threads that somebody has. */
const shared = new Map<string, { readonly identifier: ThreadedLanguageIdentifier; users: number }>();

/** A thread that all in this process have who ask about the same languages. It ends when the last of them closes it. */
export function sharedLanguageIdentifier(languages: readonly string[]): LanguageIdentifier {
  const key = languages.join();
  const known = shared.get(key);
  const entry =
    known?.identifier.hasEnded === false ? known : { identifier: new ThreadedLanguageIdentifier(languages), users: 0 };
  shared.set(key, entry);
  entry.users++;
  let isOpen = true;
  return {
    identify: (texts) => entry.identifier.identify(texts),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      entry.users--;
      if (entry.users > 0) return;
      if (shared.get(key) === entry) shared.delete(key);
      await entry.identifier.close();
    },
  };
}
