import { afterEach, describe, expect, it } from 'vitest';
import { HostedStream } from '../../../server/hosted/hosted-stream.js';
import type { StreamMedia } from '../../../server/stream-protocol.js';
import type {
  AudioTrack,
  EncodedPacket,
  EncodedTrack,
  LiveOutput,
  VideoTrack,
} from '../../../streams/live/live-types.js';
import { HandClock } from '../../helpers/hand-clock.js';

const video = { kind: 'video', codec: 'h264', frameRate: { num: 25, den: 1 }, stream: { width: 64 } } as VideoTrack;
const sound: AudioTrack = {
  kind: 'audio',
  codec: 'aac',
  codecId: 86018,
  sampleRate: 48_000,
  channels: 2,
  // AAC-LC, 48 kHz, two channels.
  extradataBase64: 'EZA=',
};
const PICTURE_US = 40_000;
const SOUND_US = 20_000;

/** What an output was told, in order. */
type Told = { packet: EncodedPacket } | { tracks: readonly EncodedTrack[] } | 'discontinuity' | 'closed';

class Recorder implements LiveOutput {
  readonly name = 'recorder';
  readonly told: Told[] = [];
  async open(tracks: readonly EncodedTrack[]): Promise<void> {
    this.tracksChanged(tracks);
  }
  write(packet: EncodedPacket): void {
    this.told.push({ packet });
  }
  tracksChanged(tracks: readonly EncodedTrack[]): void {
    this.told.push({ tracks });
  }
  discontinuity(): void {
    this.told.push('discontinuity');
  }
  async close(): Promise<void> {
    this.told.push('closed');
  }
  metrics() {
    return { state: 'open', bytesOut: 0, packetsDropped: 0, reconnects: 0, queued: 0 } as const;
  }
  packets(kind: EncodedPacket['kind']): EncodedPacket[] {
    return this.told
      .flatMap((each) => (typeof each === 'object' && 'packet' in each ? [each.packet] : []))
      .filter((packet) => packet.kind === kind);
  }
}

const open: HostedStream[] = [];
afterEach(() => Promise.all(open.splice(0).map((stream) => stream.close())));

async function host(tracks: readonly EncodedTrack[] = [video, sound], names = ['main']) {
  const clock = new HandClock();
  const outputs = new Map(names.map((name) => [name, new Recorder()]));
  let asked = 0;
  const stream = new HostedStream({
    renditions: names.map((name) => ({ name, outputs: [outputs.get(name) as Recorder] })),
    clock,
    holdAfterMs: 1000,
    holdStepMs: 200,
    askKeyFrame: () => {
      asked++;
    },
    onFailure: () => undefined,
  });
  open.push(stream);
  const each = (message: (rendition: string) => StreamMedia): void => {
    for (const name of names) stream.receive(message(name));
  };
  const announce = (): void => each((rendition) => ({ type: 'tracks', rendition, tracks }));
  const send = (packet: EncodedPacket): void => each((rendition) => ({ type: 'packet', rendition, packet }));
  /** So much of a stream, in real time, with a key frame at its beginning. */
  const play = (fromUs: number, ms: number, key = true): void => {
    for (let us = fromUs; us < fromUs + ms * 1000; us += PICTURE_US) {
      send(picture(us, key && us === fromUs));
      if (tracks.includes(sound)) for (const at of [us, us + SOUND_US]) send(tone(at));
      clock.turn(PICTURE_US / 1000);
    }
  };
  announce();
  await new Promise((resolve) => setImmediate(resolve));
  return { stream, clock, output: outputs.get('main') as Recorder, outputs, announce, send, play, asked: () => asked };
}

const picture = (us: number, isKey: boolean): EncodedPacket => ({
  kind: 'video',
  data: Uint8Array.of(isKey ? 1 : 2),
  ptsUs: us,
  dtsUs: us,
  durationUs: PICTURE_US,
  isKey,
});
const tone = (us: number): EncodedPacket => ({
  kind: 'audio',
  data: Uint8Array.of(3),
  ptsUs: us,
  dtsUs: us,
  durationUs: SOUND_US,
  isKey: true,
});
const times = (packets: readonly EncodedPacket[]): number[] => packets.map(({ dtsUs }) => dtsUs);
const risesStrictly = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value > (values[i - 1] as number));

describe('a hosted stream', () => {
  it('passes packets on as they are', async () => {
    const { output, play } = await host();
    play(0, 400);
    expect(times(output.packets('video'))).toEqual([
      0, 40_000, 80_000, 120_000, 160_000, 200_000, 240_000, 280_000, 320_000, 360_000,
    ]);
    expect(output.told).not.toContain('discontinuity');
  });

  it('begins with a key frame', async () => {
    const { output, send, asked } = await host();
    send(tone(0));
    send(picture(0, false));
    send(picture(40_000, false));
    send(picture(80_000, true));
    expect(times(output.packets('video'))).toEqual([80_000]);
    expect(output.packets('audio')).toEqual([]);
    expect(asked()).toBe(1);
  });

  it('shows the last key frame again when nothing comes, with silence, in real time', async () => {
    const { stream, clock, output, play } = await host();
    play(0, 400);
    clock.turn(900);
    expect(stream.holding).toBe(false);
    for (let i = 0; i < 15; i++) clock.turn(200);
    expect(stream.holding).toBe(true);
    const pictures = output.packets('video');
    const held = pictures.slice(10);
    expect(held.every(({ data, isKey }) => data[0] === 1 && isKey)).toBe(true);
    // The gap before the decision is filled as well.
    expect(held[0]?.dtsUs).toBe(400_000);
    expect(risesStrictly(times(pictures))).toBe(true);
    const endUs = (held.at(-1)?.dtsUs ?? 0) + 200_000;
    expect(endUs).toBeGreaterThan(4_000_000);
    expect(endUs).toBeLessThanOrEqual(4_300_000);
    const sounds = output.packets('audio');
    expect(risesStrictly(times(sounds))).toBe(true);
    expect(endUs - (sounds.at(-1)?.dtsUs ?? 0)).toBeLessThan(250_000);
    expect(sounds.at(-1)?.data).not.toEqual(Uint8Array.of(3));
  });

  it('goes on after that at a key frame, where the time has come to, with a discontinuity', async () => {
    const { stream, clock, output, play, asked } = await host();
    play(0, 400);
    for (let i = 0; i < 20; i++) clock.turn(200);
    play(4_400_000, 200, false);
    expect(
      output
        .packets('video')
        .slice(10)
        .every(({ data }) => data[0] === 1),
    ).toBe(true);
    // Once it is clear that no more is kept than what comes now.
    expect(asked()).toBe(1);
    const before = output.told.length;
    const lastUs = output.packets('video').at(-1)?.dtsUs ?? 0;
    play(4_600_000, 400);
    expect(stream.holding).toBe(false);
    expect(output.told[before]).toBe('discontinuity');
    const [first] = output.packets('video').filter(({ dtsUs, isKey }) => isKey && dtsUs > lastUs);
    expect(first?.dtsUs).toBeGreaterThanOrEqual(lastUs + 200_000);
    expect(first?.dtsUs).toBeLessThan(lastUs + 600_000);
    expect(risesStrictly(times(output.packets('video')))).toBe(true);
    // Sound and picture stay as far apart as they were.
    expect(output.packets('audio').find(({ dtsUs }) => dtsUs >= (first?.dtsUs ?? 0))?.dtsUs).toBe(first?.dtsUs);
  });

  it('moves the times of a process that begins anew', async () => {
    const { stream, clock, output, announce, play } = await host();
    play(0, 2000);
    stream.interrupt();
    clock.turn(400);
    announce();
    play(0, 200);
    play(200_000, 400);
    const [resumed] = output.packets('video').slice(50);
    expect(resumed?.dtsUs).toBe(2_640_000);
    expect(output.told.filter((each) => typeof each === 'object' && 'tracks' in each)).toHaveLength(1);
    expect(output.told.filter((each) => each === 'discontinuity')).toHaveLength(1);
  });

  it('leaves out what a process that begins anew is given of the past', async () => {
    const { stream, clock, output, announce, send, play } = await host();
    play(0, 400);
    stream.interrupt();
    announce();
    for (let us = 0; us < 2_000_000; us += PICTURE_US) send(picture(us, us === 0));
    play(2_000_000, 160, false);
    play(2_160_000, 200);
    const pictures = output.packets('video');
    expect(pictures).toHaveLength(15);
    expect(pictures[10]?.dtsUs).toBe(600_000);
    expect(clock.now()).toBe(760);
  });

  it('takes what comes when that has no end', async () => {
    const { stream, clock, output, announce, send, play } = await host();
    play(0, 400);
    stream.interrupt();
    announce();
    // Twice as fast as real time.
    for (let us = 0; us < 7_000_000; us += PICTURE_US) {
      send(picture(us, us % 1_000_000 === 0));
      clock.turn(PICTURE_US / 2000);
    }
    expect(output.packets('video').filter(({ data, isKey }) => !isKey && data[0] === 2).length).toBeGreaterThan(19);
  });

  it('tells of other tracks', async () => {
    const { stream, output, play } = await host();
    play(0, 400);
    stream.interrupt();
    stream.receive({ type: 'tracks', rendition: 'main', tracks: [video] });
    play(0, 200);
    play(200_000, 200);
    expect(output.told.filter((each) => typeof each === 'object' && 'tracks' in each)).toEqual([
      { tracks: [video, sound] },
      { tracks: [video] },
    ]);
  });

  it('moves all renditions alike', async () => {
    const { stream, clock, outputs, announce, play } = await host([video, sound], ['main', 'small']);
    play(0, 400);
    stream.interrupt();
    for (let i = 0; i < 10; i++) clock.turn(200);
    announce();
    play(0, 200);
    play(200_000, 200);
    const [main, small] = ['main', 'small'].map((name) => times((outputs.get(name) as Recorder).packets('video')));
    expect(main).toEqual(small);
  });

  it('holds nothing where there are no pictures', async () => {
    const { stream, clock, output, send } = await host([sound]);
    send(tone(0));
    for (let i = 0; i < 20; i++) clock.turn(200);
    expect(stream.holding).toBe(false);
    expect(output.packets('audio')).toHaveLength(1);
  });

  it('ends its outputs, and does nothing afterwards', async () => {
    const { stream, clock, output, play } = await host();
    play(0, 400);
    await stream.close();
    const { length } = output.told;
    for (let i = 0; i < 20; i++) clock.turn(200);
    play(400_000, 400);
    expect(output.told.at(-1)).toBe('closed');
    expect(output.told).toHaveLength(length);
    expect(clock.nextInMs).toBeUndefined();
  });
});
