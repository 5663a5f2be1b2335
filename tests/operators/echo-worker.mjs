/** A thread for tests of `WorkerCalls`; see `models/inference-worker-from-source.mjs`. */
import { register } from 'tsx/esm/api';

register();
const { answerCalls } = await import('../../operators/worker-calls.ts');
const { VitascopeError } = await import('../../pipeline/errors.ts');

answerCalls('echo', (question) => {
  if (question === 'slow') return new Promise((resolve) => setTimeout(resolve, 50, 'slow'));
  if (question === 'ours') throw new VitascopeError('OPTION_INVALID', 'echo: not that', { context: { question } });
  if (question === 'other') throw new RangeError('too far');
  if (question === 'exit') process.exit(3);
  if (question === 'crash') setImmediate(() => JSON.parse('{'));
  return question === 'crash' ? new Promise(() => undefined) : question;
});
