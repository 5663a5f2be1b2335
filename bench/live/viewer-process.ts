/** A viewer in a process of its own: see {@link Viewer}. */
import { play } from './play.js';
import { Viewer, type ViewerReport } from './viewer.js';
import { inWorker } from './worker.js';

/** What it watches. */
export interface ViewerSettings {
  /** `rtmp://…`, `http://….flv`, or the master playlist of HLS. */
  readonly url: string;
  readonly epochMs: number;
  readonly frameRate: number;
  /** Folder for temporary files. */
  readonly work: string;
}

const REPORT_MS = 500;

inWorker<ViewerSettings, ViewerReport>(async ({ settings, send }) => {
  const { url, work, epochMs, frameRate } = settings;
  const viewer = new Viewer(epochMs, frameRate);
  setInterval(() => send(viewer.report()), REPORT_MS);
  await play(url, {
    work,
    take: (piece) => viewer.take(piece),
    partEnded: (arrivedMs, holdBackMs) => viewer.partEnded(arrivedMs, holdBackMs),
    signal: new AbortController().signal,
  });
});
