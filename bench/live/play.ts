import { playHttpFlv, playRtmp } from './flv-player.js';
import { HlsPlayer, type HlsPlayerOptions } from './hls-player.js';

/** Plays whatever it is: `rtmp://…`, the master playlist of HLS, or else HTTP-FLV. Resolves when the signal aborts. */
export async function play(url: string, options: Omit<HlsPlayerOptions, 'url'>): Promise<void> {
  if (url.startsWith('rtmp:')) await playRtmp(url, options);
  else if (url.endsWith('.m3u8')) await new HlsPlayer({ ...options, url }).play();
  else await playHttpFlv(url, options);
}
