/** What is known of an n-gram: natural logarithms of the probability of its last character after the others, and of what is added where a longer one is not there. */
export interface Gram {
  readonly likely: number;
  readonly backOff: number;
}

/** The n-gram of no characters. No n-gram continues with it, so that it stands for "none" as well. */
export const ROOT = 0;
const FEWEST = 1024;

/**
 * N-grams as the tree of their beginnings. Nodes are numbers, edges code points; edges are kept in one hash table of typed arrays, since half a million objects with
 * their strings would take seconds to make and a hundred bytes each.
 *
 * @see Heafield 2011, "KenLM: Faster and Smaller Language Model Queries", on tables with linear probing
 */
export class GramTrie {
  /** By edge: its node, what it says, and the node that it leads to, `ROOT` where the place is free. At least half of the places are. */
  #from = new Uint32Array(2 * FEWEST);
  #codes = new Uint32Array(2 * FEWEST);
  #to = new Uint32Array(2 * FEWEST);
  /** By node. Not a number: only longer n-grams begin with it. */
  #likely = new Float32Array(FEWEST).fill(Number.NaN);
  #backOff = new Float32Array(FEWEST);
  #nodes = 1;
  /** To the n-gram that was set last: most that follow it begin as it does. */
  readonly #path: { readonly code: number; readonly node: number }[] = [];

  get isEmpty(): boolean {
    return this.#nodes === 1;
  }

  /** Adds an n-gram, or sets what is known of it; soonest in the order of their code points. @param codes Its code points, from the first on. */
  set(codes: readonly number[], { likely, backOff }: Gram): void {
    let depth = 0;
    while (depth < codes.length && depth < this.#path.length && this.#path[depth]?.code === codes[depth]) depth++;
    this.#path.length = depth;
    let node = this.#path[depth - 1]?.node ?? ROOT;
    for (const code of codes.slice(depth)) {
      node = this.child(node, code) || this.#grow(node, code);
      this.#path.push({ code, node });
    }
    this.#likely[node] = likely;
    this.#backOff[node] = backOff;
  }

  /** The n-gram with one more code point at its end, or `ROOT`. */
  child(node: number, code: number): number {
    return this.#to[this.#place(node, code)] ?? ROOT;
  }

  /** Not a number where the n-gram is only the beginning of others. */
  likely(node: number): number {
    return this.#likely[node] ?? Number.NaN;
  }

  backOff(node: number): number {
    return this.#backOff[node] ?? 0;
  }

  #grow(node: number, code: number): number {
    if (this.#nodes === this.#likely.length) this.#double();
    const made = this.#nodes++;
    this.#put(node, code, made);
    return made;
  }

  #put(from: number, code: number, to: number): void {
    const place = this.#place(from, code);
    this.#from[place] = from;
    this.#codes[place] = code;
    this.#to[place] = to;
  }

  /** Where the edge is, or would be. */
  #place(from: number, code: number): number {
    const [froms, codes, to] = [this.#from, this.#codes, this.#to];
    const mask = to.length - 1;
    let place = mixed(from, code) & mask;
    while (to[place] !== ROOT && (froms[place] !== from || codes[place] !== code)) place = (place + 1) & mask;
    return place;
  }

  #double(): void {
    const [froms, codes, to] = [this.#from, this.#codes, this.#to];
    const [likely, backOff] = [this.#likely, this.#backOff];
    this.#likely = new Float32Array(2 * likely.length).fill(Number.NaN);
    this.#likely.set(likely);
    this.#backOff = new Float32Array(2 * backOff.length);
    this.#backOff.set(backOff);
    this.#from = new Uint32Array(2 * to.length);
    this.#codes = new Uint32Array(2 * to.length);
    this.#to = new Uint32Array(2 * to.length);
    to.forEach((node, place) => {
      if (node !== ROOT) this.#put(froms[place] ?? ROOT, codes[place] ?? 0, node);
    });
  }
}

/** Both numbers spread over 32 bits. */
function mixed(a: number, b: number): number {
  const bits = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  return Math.imul(bits ^ (bits >>> 15), 0xc2b2ae35) >>> 12;
}
