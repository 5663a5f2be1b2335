import type { ColorEvidence } from './color-spread.js';

/** Spread (see {@link ColorEvidence}) above which a frame speaks for colour. */
const COLORFUL = 2;
/** Chroma below which a frame speaks for black and white, whatever its spread. */
const NEUTRAL = 0.5;
/** Chroma from which a frame can be told to be tinted, and the share of it that may be no function of luma. */
const TINTED = 6;
const TINT_SPREAD = 0.15;
/** Spread and share of the chroma from which a film that begins so is left alone until more is known: a grey street in pale colours. */
const PALE_SPREAD = 0.5;
const PALE_SHARE = 0.5;
/** Mean luma below which little chroma says nothing: under a fade, colours are small too. */
const DIM = 0.15;
/** Share of the newest frame in the average of a shot's opinions, and how far that must lean to change a decision. */
const FRESHNESS = 0.2;
const LEAN = 0.7;

/**
 * Decides frame by frame whether film is in colour: anew in every shot, then slow to change its mind. Frames that could be either, such as a
 * grey street in a colour film, do not change what was decided before.
 */
export class ColorJudge {
  #inColor: boolean | undefined;
  /** 0 black and white to 1 colour; nothing before the first opinion in a shot. */
  #average: number | undefined;

  /**
   * True when the frame counts as colour film. Before anything could be judged (the film begins in the dark, or so pale that it could be in
   * colour) it is true as well, so that the frame is left alone.
   *
   * @param evidence Nothing when the frame cannot be judged.
   */
  judge(evidence: ColorEvidence | undefined, newShot: boolean): boolean {
    if (newShot) this.#average = undefined;
    if (evidence !== undefined) this.#hear(evidence);
    return this.#inColor ?? true;
  }

  #hear(evidence: ColorEvidence): void {
    const opinion = opinionOf(evidence);
    if (opinion === undefined) {
      if (evidence.brightness >= DIM && !isPale(evidence)) this.#inColor ??= false;
      return;
    }
    this.#average = this.#average === undefined ? opinion : this.#average * (1 - FRESHNESS) + opinion * FRESHNESS;
    if (this.#average > LEAN) this.#inColor = true;
    else if (this.#average < 1 - LEAN) this.#inColor = false;
  }
}

/** 1 for colour, 0 for black and white, nothing where the frame could be either. */
function opinionOf({ chroma, spread, brightness }: ColorEvidence): 0 | 1 | undefined {
  const tinted = chroma > TINTED && spread < chroma * TINT_SPREAD;
  if (chroma < NEUTRAL) return 0;
  if (brightness >= DIM && tinted) return 0;
  return spread > COLORFUL ? 1 : undefined;
}

/** Weak chroma, but more of it than luma explains. */
function isPale({ chroma, spread }: ColorEvidence): boolean {
  return spread > PALE_SPREAD && spread > chroma * PALE_SHARE;
}
