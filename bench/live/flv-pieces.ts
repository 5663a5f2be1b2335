import type { MediaMessage } from '../../tests/helpers/media-messages.js';
import { sharedNowMs } from './clock.js';
import type { Piece } from './pieces.js';

const [SOUND, PICTURES] = [8, 9];
/** FLV's numbers of codecs. */
const [AVC, AAC] = [7, 10];

/** What an FLV message (H.264, AAC) is for a player; nothing for others. */
export function pieceOf({ type, timestampMs, data }: MediaMessage): Piece | undefined {
  const arrivedMs = sharedNowMs();
  const [first = 0, packetType] = data;
  if (type === PICTURES && (first & 15) === AVC && packetType !== undefined && packetType < 2) {
    const ptsUs = (timestampMs + data.readIntBE(2, 3)) * 1000;
    return { kind: packetType === 0 ? 'video-header' : 'video', data: data.subarray(5), ptsUs, arrivedMs };
  }
  if (type === SOUND && first >> 4 === AAC) {
    return {
      kind: packetType === 0 ? 'audio-header' : 'audio',
      data: data.subarray(2),
      ptsUs: timestampMs * 1000,
      arrivedMs,
    };
  }
  return undefined;
}
