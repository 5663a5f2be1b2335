import { SilenceDetector } from '../../operators/foley/mix/silence-detector.js';
import { type AudioFrame, VitascopeError } from '../../pipeline/index.js';
import { readSoundTrack, type SoundTrackRequest } from '../../streams/file/sound-track-reader.js';

/** What a track of a film is. */
export type HeardTrack =
  /** Nothing is in it. */
  | 'silent'
  | 'sounding'
  /** It holds packets, and none of them can be decoded: nobody knows what is in it. */
  | 'unreadable';

/**
 * Listens to a track until something is heard in it: to all of a silent one. Memory is constant.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`
 */
export async function listen(request: SoundTrackRequest): Promise<HeardTrack> {
  const detector = new SilenceDetector();
  let samples = 0;
  let packets = 0;
  const onPacket = (): void => {
    packets++;
  };
  try {
    for await (const frame of readSoundTrack({ ...request, onPacket })) {
      samples += frame.samples;
      detector.push(bothChannels(frame));
      frame.close();
      if (detector.state === 'sounding') return 'sounding';
    }
  } catch (error) {
    if (error instanceof VitascopeError && error.code === 'DECODER_MISSING') return 'unreadable';
    throw error;
  }
  return samples === 0 && packets > 0 ? 'unreadable' : 'silent';
}

function bothChannels({ channels }: AudioFrame): { left: Float32Array; right: Float32Array } {
  const [left, right = left] = channels as [Float32Array, Float32Array?];
  return { left, right: right as Float32Array };
}
