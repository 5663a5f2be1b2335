import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchSettings } from '../speed/bench.js';
import type { CameraOrder, CameraReport, CameraSettings } from './camera.js';
import { sharedNowMs } from './clock.js';
import type { CrowdReport, CrowdSettings } from './crowd.js';
import { FRAME_RATE, HEIGHT, lumaPictures, WIDTH } from './pictures.js';
import type { ViewerReport } from './viewer.js';
import type { ViewerSettings } from './viewer-process.js';
import { Worker } from './worker.js';

/** Bits a second that the camera sends: what people set for 720p. */
export const CAMERA_BITRATE = 3_000_000;

/** A camera that runs. */
export interface RunningCamera {
  /** What it told last. */
  readonly report: CameraReport;
  tell(order: CameraOrder): void;
}

/** A viewer that watches. */
export interface RunningViewer {
  /** Everything it saw, in the order of time. */
  readonly seen: readonly ViewerReport[];
  /** Lets go of what it has told so far. */
  forget(): void;
}

/** Players that run. */
export interface RunningCrowd {
  /** What they told, and when it came, on the clock of the stamps. */
  readonly told: readonly { readonly atMs: number; readonly report: CrowdReport }[];
  /** Lets go of it. */
  forget(): void;
}

/** The cameras and viewers of one measurement, each in a process of its own, on one clock. */
export class Studio {
  /** What all stamps count from, by `sharedNowMs`. */
  readonly epochMs = sharedNowMs();
  readonly #work: string;
  readonly #pictures: string;
  /** Of the pictures, for the report. */
  readonly description: string;
  readonly #workers: Worker<never>[] = [];

  private constructor(work: string, pictures: { readonly path: string; readonly description: string }) {
    this.#work = work;
    this.#pictures = pictures.path;
    this.description = pictures.description;
  }

  static async open({ source, work }: BenchSettings): Promise<Studio> {
    const folder = join(work, 'live');
    await mkdir(folder, { recursive: true });
    return new Studio(folder, await lumaPictures(source));
  }

  /** Milliseconds on the clock of the stamps. */
  nowMs(): number {
    return sharedNowMs() - this.epochMs;
  }

  camera(urls: readonly string[]): RunningCamera {
    const settings: CameraSettings = {
      urls,
      pictures: this.#pictures,
      width: WIDTH,
      height: HEIGHT,
      frameRate: FRAME_RATE,
      bitrate: CAMERA_BITRATE,
      epochMs: this.epochMs,
    };
    let report: CameraReport = { pictures: 0, missed: 0, dropped: 0, connected: 0, encodeMs: Number.NaN, trouble: [] };
    const worker = this.#worker<CameraReport>(new URL('./camera-process.ts', import.meta.url), settings, (told) => {
      for (const trouble of told.trouble) process.stderr.write(`camera: ${trouble}\n`);
      report = told;
    });
    return {
      get report() {
        return report;
      },
      tell: (order) => worker.tell(order),
    };
  }

  viewer(url: string): RunningViewer {
    const settings: ViewerSettings = { url, epochMs: this.epochMs, frameRate: FRAME_RATE, work: this.#work };
    const seen: ViewerReport[] = [];
    const module = new URL('./viewer-process.ts', import.meta.url);
    this.#worker<ViewerReport>(module, settings, (report) => seen.push(report));
    return { seen, forget: () => void seen.splice(0) };
  }

  /** Players of HTTP-FLV, RTMP or HLS that decode nothing. @param slow URLs of HTTP-FLV that are read at 1 kB a second. */
  crowd(
    urls: readonly string[],
    { slow = [] as readonly string[], stayS = undefined as number | undefined } = {},
  ): RunningCrowd {
    const work = this.#work;
    const settings: CrowdSettings = {
      urls,
      slow: { urls: slow, bytesPerSecond: 1000 },
      stayS,
      frameRate: FRAME_RATE,
      work,
    };
    const told: { atMs: number; report: CrowdReport }[] = [];
    const module = new URL('./crowd-process.ts', import.meta.url);
    this.#worker<CrowdReport>(module, settings, (report) => told.push({ atMs: this.nowMs(), report }));
    return { told, forget: () => void told.splice(0) };
  }

  #worker<Message>(module: URL, settings: unknown, take: (message: Message) => void): Worker<Message> {
    const worker = new Worker<Message>(module, settings, take);
    this.#workers.push(worker as Worker<never>);
    return worker;
  }

  /** Lets time pass. @throws Error when a process has ended in the meantime. */
  async wait(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 500) {
      await sleep(Math.min(500, leftMs));
      for (const worker of this.#workers) worker.check();
    }
  }

  /** Ends all of them; never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }
}
