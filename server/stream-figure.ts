import type { FigureValue } from '../pipeline/node-figures.js';

/** What an operator of a stream counts: one series. Plain JSON. */
export interface StreamFigure extends FigureValue {
  readonly node: string;
}
