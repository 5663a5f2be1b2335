import { parentPort, workerData } from 'node:worker_threads';
// A server has a process for each stream: the large set is right a little more often, and takes 400 MB in each.
import { eld } from 'eld/small';
import type { LanguageAnswer, LanguageQuestion } from './language-identifier.js';

eld.setLanguageSubset(workerData as string[]);
parentPort?.on('message', ({ number, texts }: LanguageQuestion) => {
  // It has seen names and headlines, but no shouting.
  const scores = texts.map((text) => eld.detect(text.toLowerCase()).getScores());
  parentPort?.postMessage({ number, scores } satisfies LanguageAnswer);
});
