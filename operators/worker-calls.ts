import { parentPort, type Worker } from 'node:worker_threads';
// Nothing else of the pipeline: threads load it too.
import { asVitascopeError, type ErrorCode, type ErrorContext, VitascopeError } from '../pipeline/errors.js';

interface Call<Question> {
  readonly number: number;
  readonly question: Question;
}

interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: ErrorContext;
  /** Where it is not ours, with its stack. */
  readonly cause: unknown;
}

interface Reply<Answer> {
  readonly number: number;
  readonly answer?: Answer;
  readonly failure?: Failure;
}

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: VitascopeError): void;
}

/**
 * A thread that is asked, and answers with {@link answerCalls}. Questions reach it in the order in which they were asked. It keeps the process alive only while
 * an answer is due.
 */
export class WorkerCalls<Question, Answer> {
  readonly #worker: Worker;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #next = 0;
  #loss: VitascopeError | undefined;

  /** @param worker Is its own from here on. @param name What it does, for messages. */
  constructor(worker: Worker, name: string) {
    this.#worker = worker;
    this.#name = name;
    worker.on('message', (reply: Reply<Answer>) => this.#onReply(reply));
    worker.on('error', (cause) => this.#lose(cause));
    worker.once('exit', () => this.#onExit());
    worker.unref();
  }

  /** It is ending, or has ended, and answers nothing any more. */
  get hasEnded(): boolean {
    return this.#loss !== undefined;
  }

  /** @throws VitascopeError with which answering failed; `WORKER_LOST` when the thread has ended. */
  ask(question: Question): Promise<Answer> {
    if (this.#loss !== undefined) return Promise.reject(this.#loss);
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      // A question that cannot be sent throws, and nobody waits for its answer.
      this.#worker.postMessage({ number, question } satisfies Call<Question>);
      this.#waiting.set(number, { resolve, reject });
      this.#worker.ref();
    });
  }

  /** Ends the thread at once; what was asked fails when it has ended. */
  async close(): Promise<void> {
    this.#lose();
    await this.#worker.terminate();
  }

  #onReply({ number, answer, failure }: Reply<Answer>): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (failure === undefined) waiting?.resolve(answer as Answer);
    else waiting?.reject(new VitascopeError(failure.code, failure.message, failure));
  }

  #lose(cause?: unknown): void {
    this.#loss ??= new VitascopeError('WORKER_LOST', `${this.#name}: its thread has ended`, { cause });
  }

  /** Only now does it write nowhere any more. */
  #onExit(): void {
    this.#lose();
    for (const { reject } of this.#waiting.values()) reject(this.#loss as VitascopeError);
    this.#waiting.clear();
  }
}

/** In a thread: answers what {@link WorkerCalls} ask, each as soon as it comes. @param name What it does, for messages of errors that are not ours. */
export function answerCalls<Question, Answer>(
  name: string,
  answer: (question: Question) => Answer | Promise<Answer>,
): void {
  const reply = (message: Reply<Answer>): void => parentPort?.postMessage(message);
  parentPort?.on('message', async ({ number, question }: Call<Question>) => {
    try {
      reply({ number, answer: await answer(question) });
    } catch (error) {
      const { code, message, context } = asVitascopeError(error, 'OPERATOR_FAILED', name);
      const cause = error instanceof VitascopeError ? undefined : error;
      reply({ number, failure: { code, message, context, cause } });
    }
  });
}
