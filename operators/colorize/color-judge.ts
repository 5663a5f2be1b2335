import type { ColorEvidence } from './color-spread.js';

/** Spread (see {@link ColorEvidence}) above which the first frame of a shot counts as colour. */
const FIRST = 2.1;
/** Average spread above which a monochrome shot turns out to be in colour, and below which a colour shot turns out not to be. */
const TO_COLOR = 3;
const TO_MONOCHROME = 1.4;
/** Share of the newest frame in the average. */
const FRESHNESS = 0.2;
/** Mean luma below which small spreads say nothing: under a fade, colours are small too. */
const DIM = 0.15;

/** Decides frame by frame whether film is in colour: anew in every shot, then slow to change its mind. */
export class ColorJudge {
  #inColor: boolean | undefined;
  #average: number | undefined;

  /**
   * True when the frame counts as colour film. Before anything could be judged (the film begins in the dark) it is true as well, so that
   * the frame is left alone.
   *
   * @param evidence Nothing when the frame cannot be judged: the decision then stays.
   */
  judge(evidence: ColorEvidence | undefined, newShot: boolean): boolean {
    if (newShot) this.#average = undefined;
    const spread = trustworthy(evidence);
    if (spread !== undefined) this.#weigh(spread);
    return this.#inColor ?? true;
  }

  #weigh(spread: number): void {
    const first = this.#average === undefined;
    this.#average = first ? spread : (this.#average as number) * (1 - FRESHNESS) + spread * FRESHNESS;
    if (first) this.#inColor = spread > FIRST;
    else if (this.#average > TO_COLOR) this.#inColor = true;
    else if (this.#average < TO_MONOCHROME) this.#inColor = false;
  }
}

function trustworthy(evidence: ColorEvidence | undefined): number | undefined {
  if (evidence === undefined) return undefined;
  const { spread, neutral, brightness } = evidence;
  return neutral || brightness >= DIM || spread > TO_COLOR ? spread : undefined;
}
