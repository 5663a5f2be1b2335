/** Lines of standard error that are kept for the message of a failure. */
const KEPT_LINES = 12;
const MAX_LINE_LENGTH = 400;

/** Levels below this are chatter; `-loglevel level+…` writes them in brackets. */
const chatter = /\[(info|verbose|debug|trace)\]/;

/** What the child says, told apart by level: the last warnings and errors are kept, everything is handed on. */
export class StderrLog {
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #lines: string[] = [];

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** Give this to the process; bound. */
  readonly add = (line: string): void => {
    if (line.length === 0) return;
    this.#onLine?.(line);
    if (chatter.test(line)) return;
    this.#lines.push(withoutAddresses(line).slice(0, MAX_LINE_LENGTH));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  };

  /** The last warnings and errors, oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }
}

/** `[h264 @ 0x55ff2056ab80] [error] …` → `h264: …`. */
function withoutAddresses(line: string): string {
  return line.replace(/^\[(\S+) @ 0x[0-9a-f]+\] /, '$1: ').replace(/\[(warning|error|fatal|panic)\] /, '');
}
