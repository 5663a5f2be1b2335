import { VitascopeError } from '../../pipeline/errors.js';
import type { DocumentPath, Locate } from '../../pipeline/graph/document.js';

/** Gathers what is wrong with a configuration, so that a person sees all of it at once. */
export class ConfigProblems {
  readonly #problems: { readonly path: DocumentPath; readonly message: string; readonly part: 'key' | 'value' }[] = [];

  add(path: DocumentPath, message: string, part: 'key' | 'value' = 'value'): void {
    this.#problems.push({ path, message, part });
  }

  /** @throws VitascopeError `CONFIG_INVALID` when there are problems; `context` has the place of the first, and all messages in `problems`. */
  throwIfAny(locate: Locate): void {
    const [first] = this.#problems;
    if (first === undefined) return;
    const problems = this.#problems.map(({ path, message, part }) => {
      const at = locate(path, part);
      const where = at === undefined ? '' : `${at.file}:${at.line}:${at.column}: `;
      return `${where}${pathText(path)}${message}`;
    });
    throw new VitascopeError('CONFIG_INVALID', problems.join('\n'), {
      context: { ...locate(first.path, first.part), path: first.path.join('.'), problems },
    });
  }
}

/** `routes[0].publish: `, or nothing for the whole. */
function pathText(path: DocumentPath): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}
