import { Observable } from 'rxjs';
import type { LineReader } from '../../../../models/adapters/text/line-reader.js';
import type { TextDetector } from '../../../../models/adapters/text/text-detector.js';
import type { TextQuad } from '../../../../operators/text/texts-meta.js';
import { mulberry32 } from '../../../../pipeline/mulberry32.js';
import type { VideoSample } from '../../../../pipeline/sample.js';
import type { VideoFrame } from '../../../../pipeline/video-frame.js';
import { testFrame } from '../../../helpers/frames.js';

export const WIDTH = 192;
export const HEIGHT = 108;

/** A line of strokes that resemble letters, and where its left upper corner is in a frame; nothing where it is not there. */
export interface DrawnLine {
  readonly text: string;
  readonly width?: number;
  readonly height?: number;
  readonly at: (index: number) => readonly [x: number, y: number] | undefined;
}

/** Frames with these lines on grey, and grain that differs from frame to frame. @param ground Luma of the ground, by frame. */
export function drawnFilm(
  count: number,
  lines: readonly DrawnLine[],
  { grain = 3, ground = () => 90 }: { grain?: number; ground?: (index: number) => number } = {},
): Observable<VideoSample> {
  return new Observable((subscriber) => {
    for (let i = 0; i < count && !subscriber.closed; i++) {
      subscriber.next({ frame: drawnFrame(i, lines, grain, ground(i)), meta: {} });
    }
    subscriber.complete();
  });
}

function drawnFrame(index: number, lines: readonly DrawnLine[], grain: number, ground: number): VideoFrame {
  const frame = testFrame(index, { width: WIDTH, height: HEIGHT });
  const luma = frame.plane(0);
  const random = mulberry32(index + 1);
  for (let i = 0; i < luma.length; i++) luma[i] = ground + grain * (2 * random() - 1);
  for (const line of lines) {
    const place = line.at(index);
    if (place === undefined) continue;
    const strokes = strokesOf(line);
    const { width, height } = sizeOf(line);
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const [u, v] = [x + 0.5 - place[0], y + 0.5 - place[1]];
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        luma[y * WIDTH + x] = (luma[y * WIDTH + x] as number) + 120 * strokes(u, v);
      }
    }
  }
  return frame;
}

/** Coverage 0–1 at a place of the line: blobs of about three pixels, smooth so that places between pixels mean something. */
function strokesOf(line: DrawnLine): (u: number, v: number) => number {
  const random = mulberry32([...line.text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const { width, height } = sizeOf(line);
  const [columns, rows] = [Math.ceil(width / 3) + 1, Math.ceil(height / 3) + 1];
  const dots = Array.from({ length: columns * rows }, () => (random() < 0.5 ? 1 : 0));
  return (u, v) => {
    const [left, top] = [Math.floor(u / 3), Math.floor(v / 3)];
    const [fx, fy] = [u / 3 - left, v / 3 - top];
    const at = (dx: number, dy: number): number => dots[(top + dy) * columns + left + dx] ?? 0;
    return (1 - fy) * ((1 - fx) * at(0, 0) + fx * at(1, 0)) + fy * ((1 - fx) * at(0, 1) + fx * at(1, 1));
  };
}

export function sizeOf({ width = 90, height = 14 }: DrawnLine): { readonly width: number; readonly height: number } {
  return { width, height };
}

export function quadOf(line: DrawnLine, [x, y]: readonly [number, number]): TextQuad {
  const { width, height } = sizeOf(line);
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** Finds the lines where they were drawn. */
export class FakeDetector implements TextDetector {
  readonly asked: number[] = [];
  readonly #lines: readonly DrawnLine[];

  constructor(lines: readonly DrawnLine[]) {
    this.#lines = lines;
  }

  async detect({ index }: VideoFrame): Promise<readonly { readonly quad: TextQuad; readonly score: number }[]> {
    this.asked.push(index);
    return this.#lines.flatMap((line) => {
      const place = line.at(index);
      return place === undefined ? [] : [{ quad: quadOf(line, place), score: 0.9 }];
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Reads the lines that it is asked about by where they are. */
export class FakeReader implements LineReader {
  readonly languages = ['en'];
  /** Numbers of the frames, and how many lines were read in them. */
  readonly asked: { readonly index: number; readonly lines: number }[] = [];
  readonly #lines: readonly DrawnLine[];
  readonly #reads: (text: string, reading: number) => { readonly text: string; readonly score: number };
  #readings = 0;

  /** @param reads What becomes of a text in the n-th reading of all. Default: it is read as it is, surely. */
  constructor(
    lines: readonly DrawnLine[],
    reads: (text: string, reading: number) => { readonly text: string; readonly score: number } = (text) => ({
      text,
      score: 0.95,
    }),
  ) {
    this.#lines = lines;
    this.#reads = reads;
  }

  async read({ index }: VideoFrame, quads: readonly TextQuad[]) {
    this.asked.push({ index, lines: quads.length });
    return quads.map(([[x, y]]) => {
      const line = this.#lines.find((one) => {
        const place = one.at(index);
        return place !== undefined && Math.hypot(place[0] - x, place[1] - y) < 4;
      });
      const { text, score } = line === undefined ? { text: '', score: 0 } : this.#reads(line.text, this.#readings++);
      return { text, score, characters: [] };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
