import type { ReadReport } from '../film.js';

const skipped = /Error while decoding stream|Error submitting (a )?packet to (the )?decoder|Decoding error/i;
const corrupt = /corrupt decoded frame/i;
const concealed = /concealing \d+ DC/i;
const truncated = /partial file|File ended prematurely/i;
/** What the first filter says each time that it is set up for pictures of another size. */
const configured = /\[graph .*input.*\] \[verbose\] w:(\d+) h:(\d+)/;

/** Reads trouble that a film was read with out of what ffmpeg says. */
export class ReadTrouble {
  readonly #report: ReadReport;
  readonly #picture: { readonly width: number; readonly height: number };

  /** Set while nothing counts: what is decoded between where a seek landed and where reading begins is nobody's loss. */
  muted = false;

  #corrupt = 0;
  #concealed = 0;

  constructor(report: ReadReport, picture: { readonly width: number; readonly height: number }) {
    this.#report = report;
    this.#picture = picture;
  }

  note(line: string): void {
    if (this.muted) return;
    if (skipped.test(line)) this.#report.skipped++;
    else if (corrupt.test(line)) this.#countDamaged(++this.#corrupt, this.#concealed);
    else if (concealed.test(line)) this.#countDamaged(++this.#concealed, this.#corrupt);
    else if (truncated.test(line)) this.#report.truncated = true;
    else if (this.#isOtherSize(line)) this.#report.rescaled++;
  }

  /** A damaged picture is told of by its decoder, by ffmpeg, or by both: old versions of ffmpeg miss some that are decoded in threads. */
  #countDamaged(said: number, alsoSaid: number): void {
    if (said > alsoSaid) this.#report.damaged++;
  }

  #isOtherSize(line: string): boolean {
    const [, width, height] = configured.exec(line) ?? [];
    return width !== undefined && (Number(width) !== this.#picture.width || Number(height) !== this.#picture.height);
  }
}
