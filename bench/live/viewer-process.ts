/** A viewer in a process of its own: see {@link Viewer}. */
import { playHttpFlv, playRtmp } from './flv-player.js';
import { HlsPlayer } from './hls-player.js';
import type { TakePiece } from './pieces.js';
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
  const take: TakePiece = (piece) => viewer.take(piece);
  if (url.startsWith('rtmp:')) await playRtmp(url, take);
  else if (url.endsWith('.m3u8')) {
    const partEnded = (arrivedMs: number, holdBackMs: number): void => viewer.partEnded(arrivedMs, holdBackMs);
    await new HlsPlayer({ url, work, take, partEnded }).play();
  } else await playHttpFlv(url, take);
});
