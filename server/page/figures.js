const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Pictures a second between two looks at a stream. */
export class Rates {
  #before;

  /** `undefined` before the second look, and after its process was started anew. */
  next(stream) {
    const { input, runner } = stream.metrics ?? {};
    const now = { atMs: performance.now(), in: input?.framesIn, out: runner?.framesOut };
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return {};
    const rate = (side) => {
      const fps = ((now[side] - before[side]) * 1000) / (now.atMs - before.atMs);
      return fps >= 0 ? fps : undefined;
    };
    return { in: rate('in'), out: rate('out') };
  }
}

/** What is shown of a stream, as pairs of a word and a value. */
export function figuresOf(stream, rates) {
  const { input } = stream.metrics ?? {};
  return [
    ['Graph', stream.graph],
    ['Pictures in', perSecond(rates.in)],
    ['Pictures out', perSecond(rates.out)],
    ['Left out', input?.framesDropped === undefined ? '–' : whole.format(input.framesDropped)],
    ['Viewers', whole.format(stream.players)],
    ['Since', age(stream.ageMs)],
  ];
}

function perSecond(rate) {
  return rate === undefined ? '–' : `${short.format(rate)}/s`;
}

function age(ms) {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.floor(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
