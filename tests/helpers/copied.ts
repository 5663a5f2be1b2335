import type { EncodedPacket, LiveEvent, LiveInput, VideoTrack } from '../../streams/live/live-types.js';

/** Everything that an input with copied video gives until it ends. */
export function takeCopies(input: LiveInput) {
  const { copied, audio } = input;
  if (copied === undefined) throw new Error('no copied video');
  const taken = {
    /** Tracks, with how many packets of video came before each. */
    tracks: [{ track: copied.track, at: 0 }] as { readonly track: VideoTrack; readonly at: number }[],
    video: [] as EncodedPacket[],
    /** Video and sound, in the order in which they came. */
    packets: [] as EncodedPacket[],
    events: [] as LiveEvent[],
  };
  input.events.subscribe((event) => taken.events.push(event));
  copied.changes.subscribe((track) => taken.tracks.push({ track, at: taken.video.length }));
  audio?.packets.subscribe({ next: (packet) => taken.packets.push(packet), error: () => {} });
  const ended = new Promise<unknown>((resolve) => {
    copied.packets.subscribe({
      next: (packet) => {
        taken.video.push(packet);
        taken.packets.push(packet);
      },
      complete: () => resolve(undefined),
      error: resolve,
    });
  });
  return { ...taken, ended };
}
