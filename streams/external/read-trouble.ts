import type { ReadReport } from '../film.js';

const skipped = /Error while decoding stream|Error submitting (a )?packet to (the )?decoder|Decoding error/i;
const damaged = /corrupt decoded frame/i;
const truncated = /partial file|File ended prematurely/i;
/** What the first filter says each time that it is set up for pictures of another size. */
const configured = /\[graph .*input.*\] \[verbose\] w:(\d+) h:(\d+)/;

/** Reads trouble that a film was read with out of what ffmpeg says. */
export class ReadTrouble {
  readonly #report: ReadReport;
  readonly #picture: { readonly width: number; readonly height: number };

  /** Set while nothing counts: what is decoded between where a seek landed and where reading begins is nobody's loss. */
  muted = false;

  constructor(report: ReadReport, picture: { readonly width: number; readonly height: number }) {
    this.#report = report;
    this.#picture = picture;
  }

  note(line: string): void {
    if (this.muted) return;
    if (skipped.test(line)) this.#report.skipped++;
    else if (damaged.test(line)) this.#report.damaged++;
    else if (truncated.test(line)) this.#report.truncated = true;
    else if (this.#isOtherSize(line)) this.#report.rescaled++;
  }

  #isOtherSize(line: string): boolean {
    const [, width, height] = configured.exec(line) ?? [];
    return width !== undefined && (Number(width) !== this.#picture.width || Number(height) !== this.#picture.height);
  }
}
