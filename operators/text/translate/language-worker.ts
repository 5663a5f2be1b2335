import { workerData } from 'node:worker_threads';
// A server has a process for each stream: the large set is right a little more often, and takes 400 MB in each.
import { eld } from 'eld/small';
import { answerCalls } from '../../worker-calls.js';
import type { LanguageScores } from './language-identifier.js';

eld.setLanguageSubset(workerData as string[]);
// It has seen names and headlines, but no shouting.
answerCalls('translate-text', (texts: readonly string[]): readonly LanguageScores[] =>
  texts.map((text) => eld.detect(text.toLowerCase()).getScores()),
);
