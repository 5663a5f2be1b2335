import { type ErrorCode, type ErrorContext, VitascopeError } from '../errors.js';
import type { DocumentPath, Locate, SourceLocation } from './document.js';

export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path: DocumentPath;
  readonly part: 'key' | 'value';
}

/** Gathers what is wrong with a graph, so that a person sees all of it at once. */
export class ProblemList {
  readonly #problems: Problem[] = [];

  get length(): number {
    return this.#problems.length;
  }

  add(code: ErrorCode, path: DocumentPath, message: string, part: 'key' | 'value' = 'value'): void {
    this.#problems.push({ code, message, path, part });
  }

  /**
   * Does nothing when there are no problems. One problem is thrown under its own code, several under `GRAPH_INVALID`;
   * `context` holds the graph, the place of the first problem and, in `problems`, all messages.
   */
  throwIfAny(graph: string, locate?: Locate): void {
    const [first] = this.#problems;
    if (first === undefined) return;
    const messages = this.#problems.map((p) => withLocation(p.message, locate?.(p.path, p.part)));
    const context = { ...contextOf(first, graph, locate), problems: messages };
    if (messages.length === 1) throw new VitascopeError(first.code, String(messages[0]), { context });
    const list = messages.map((m) => `  ${m}`).join('\n');
    throw new VitascopeError('GRAPH_INVALID', `graph ${graph}: ${messages.length} problems\n${list}`, { context });
  }
}

function contextOf(problem: Problem, graph: string, locate: Locate | undefined): ErrorContext {
  return { graph, path: problem.path.join('.'), ...locate?.(problem.path, problem.part) };
}

function withLocation(message: string, at: SourceLocation | undefined): string {
  return at === undefined ? message : `${at.file}:${at.line}:${at.column}: ${message}`;
}
