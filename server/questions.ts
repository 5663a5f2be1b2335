import { type ErrorCode, isErrorCode, VitascopeError } from '../pipeline/errors.js';
import type { StreamAnswer } from './stream-protocol.js';

interface Asker {
  resolve(value: unknown): void;
  reject(error: VitascopeError): void;
}

/** Questions that wait for their answers. */
export class Questions {
  readonly #waiting = new Map<number, Asker>();
  #next = 0;

  /** @param send Gives the question its number; false when nobody can be asked. */
  ask(send: (id: number) => boolean): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (send(id)) this.#waiting.set(id, { resolve, reject });
      else reject(new VitascopeError('ABORTED', 'the stream does not run at the moment'));
    });
  }

  settle(answer: StreamAnswer): void {
    const asker = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) asker?.resolve(answer.value);
    else asker?.reject(new VitascopeError(codeOf(answer.code), answer.message));
  }

  /** Nobody will answer any more. */
  fail(): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new VitascopeError('ABORTED', 'the process of the stream has ended'));
    }
    this.#waiting.clear();
  }
}

function codeOf(code: string): ErrorCode {
  return isErrorCode(code) ? code : 'ABORTED';
}
