import type { Worker } from 'node:worker_threads';
import { VitascopeError } from '../../../pipeline/index.js';
import { spawnLanguageWorker } from './spawn-language-worker.js';

/** How much texts are like each of some languages: 0–1 by BCP 47; nothing of languages that have nothing of the text. */
export type LanguageScores = Readonly<Record<string, number>>;

/** Tells how much texts are like languages. */
export interface LanguageIdentifier {
  /** @returns In the order of the texts. */
  identify(texts: readonly string[]): Promise<readonly LanguageScores[]>;
  close(): Promise<void>;
}

/** What the thread is asked. */
export interface LanguageQuestion {
  readonly number: number;
  readonly texts: readonly string[];
}

/** What it answers. */
export interface LanguageAnswer {
  readonly number: number;
  readonly scores: readonly LanguageScores[];
}

interface Waiting {
  readonly resolve: (scores: readonly LanguageScores[]) => void;
  readonly reject: (error: VitascopeError) => void;
}

/**
 * Compares texts with what `eld` knows of languages, in a thread of its own: loading that takes nearly half a second, in which no frame would pass. The
 * thread starts at once, holds about 150 MB (46 MB of them its heap), and keeps no process alive.
 */
export class ThreadedLanguageIdentifier implements LanguageIdentifier {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #failure: VitascopeError | undefined;

  /** @param languages Those that texts may be in, BCP 47; the fewer, the surer. */
  constructor(languages: readonly string[]) {
    this.#worker = spawnLanguageWorker(languages);
    this.#worker.unref();
    this.#worker.on('message', ({ number, scores }: LanguageAnswer) => {
      this.#waiting.get(number)?.resolve(scores);
      this.#waiting.delete(number);
      if (this.#waiting.size === 0) this.#worker.unref();
    });
    this.#worker.on('error', (cause) => this.#fail(cause));
    this.#worker.on('exit', () => this.#fail());
  }

  /** @throws VitascopeError `WORKER_LOST` when the thread has ended. */
  identify(texts: readonly string[]): Promise<readonly LanguageScores[]> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ number, texts } satisfies LanguageQuestion);
    });
  }

  /** It answers nothing any more. */
  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(cause?: unknown): void {
    this.#failure ??= new VitascopeError('WORKER_LOST', 'translate-text: the thread that tells languages has ended', {
      cause,
    });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
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
