import { describe, expect, it } from 'vitest';
import { AAC_SAMPLES, encodedShape, type SoundShape } from '../../../streams/live/aac-encoder.js';
import type { EncodedPacket } from '../../../streams/live/live-types.js';
import { SoundEncoder } from '../../../streams/live/sound-encoder.js';
import { beeps, heardBeeps } from '../../helpers/beeps.js';

const PHONE: SoundShape = { sampleRate: 8000, channels: 1 };
const PIECE_US = 20_000;

/** Says sound in pieces of 20 ms. */
class Speaker {
  readonly sent: EncodedPacket[] = [];
  readonly encoder: SoundEncoder;
  readonly #shape: SoundShape;

  constructor(shape: SoundShape = PHONE, fromUs?: number) {
    this.#shape = shape;
    this.encoder = new SoundEncoder(shape, (packet) => this.sent.push(packet), fromUs);
  }

  /** A beep at each full second of `sound`, which says these times. */
  say(seconds: number, timeOf: (us: number, piece: number) => number | undefined): void {
    const { sampleRate, channels } = this.#shape;
    const sound = beeps(seconds, sampleRate);
    const samples = (sampleRate * PIECE_US) / 1e6;
    for (let i = 0; i * samples < sound.length; i++) {
      const plane = sound.subarray(i * samples, (i + 1) * samples);
      const planes = Array.from({ length: channels }, () => plane);
      this.encoder.write({ planes, samples: plane.length }, timeOf(i * PIECE_US, i));
    }
  }

  /** What a player hears, after all was sent. */
  finish(): number[] {
    this.encoder.flush();
    this.encoder.close();
    this.sent.slice(1).forEach(({ ptsUs }, i) => {
      const { ptsUs: beforeUs, durationUs } = this.sent[i] as EncodedPacket;
      expect(ptsUs).toBeGreaterThan(beforeUs + durationUs - 5000);
    });
    return heardBeeps(this.encoder.track, this.sent);
  }
}

/** All within a few milliseconds, which are the encoder's. */
function expectAt(heard: readonly number[], expectedUs: readonly number[], withinUs = 5000): void {
  expect(heard).toHaveLength(expectedUs.length);
  heard.forEach((us, i) => {
    expect(Math.abs(us - (expectedUs[i] as number)), `beep ${i} at ${us}`).toBeLessThan(withinUs);
  });
}
const everySecond = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => (from + i) * 1e6);

describe('SoundEncoder', () => {
  it.each([PHONE, { sampleRate: 48_000, channels: 2 } as const])(
    'puts a minute of sound where it was, packets a block apart, at $sampleRate Hz ×$channels',
    (shape) => {
      const speaker = new Speaker(shape);
      speaker.say(60, (us) => us + 500_000);
      expectAt(
        speaker.finish(),
        everySecond(0, 60).map((us) => us + 500_000),
      );
      const [first, ...rest] = speaker.sent;
      const blockUs = (AAC_SAMPLES * 1e6) / shape.sampleRate;
      expect(first?.ptsUs).toBe(Math.round(500_000 - blockUs));
      rest.forEach(({ ptsUs }, i) => {
        expect(Math.abs(ptsUs - 500_000 - i * blockUs)).toBeLessThanOrEqual(1);
      });
    },
  );

  it('sends nothing from before the beginning of the stream', () => {
    const speaker = new Speaker();
    speaker.say(3, (us) => us);
    expectAt(speaker.finish().slice(-2), [1e6, 2e6]);
    expect(speaker.sent[0]?.ptsUs).toBe(0);
  });

  it('sends nothing from before the end of sound that it continues', () => {
    const fromUs = 500_000;
    const speaker = new Speaker(PHONE, fromUs);
    speaker.say(3, (us) => us + 300_000);
    expectAt(speaker.finish().slice(-2), [1.3e6, 2.3e6]);
    expect(speaker.sent[0]?.ptsUs).toBe(fromUs);
  });

  it('follows a clock that is faster or slower than its samples', () => {
    for (const drift of [1.001, 0.999]) {
      const speaker = new Speaker();
      speaker.say(60, (us) => Math.round(us * drift));
      expectAt(
        speaker.finish().slice(1),
        everySecond(1, 60).map((us) => us * drift),
      );
    }
  });

  it('evens out times that jitter', () => {
    const speaker = new Speaker();
    speaker.say(30, (us, i) => us + ((i * 7919) % 31) * 1000);
    expectAt(
      speaker.finish().slice(1),
      everySecond(1, 30).map((us) => us + 15_000),
      12_000,
    );
    const steps = speaker.sent.slice(1).map(({ ptsUs }, i) => ptsUs - (speaker.sent[i] as EncodedPacket).ptsUs);
    for (const step of steps.slice(20)) expect(Math.abs(step - 128_000)).toBeLessThan(4000);
  });

  it('takes sound without times for the next', () => {
    const speaker = new Speaker();
    speaker.say(3, (us) => (us === 0 ? 200_000 : undefined));
    expectAt(speaker.finish(), [200_000, 1_200_000, 2_200_000]);
  });

  it('fills a hole with silence', () => {
    const speaker = new Speaker();
    speaker.say(3, (us) => us + 1e6);
    speaker.say(3, (us) => us + 4_700_000);
    expectAt(speaker.finish(), [1e6, 2e6, 3e6, 4_700_000, 5_700_000, 6_700_000]);
    speaker.sent.slice(1).forEach(({ ptsUs }, i) => {
      expect(Math.abs(ptsUs - (speaker.sent[i] as EncodedPacket).ptsUs - 128_000)).toBeLessThan(1000);
    });
  });

  it('begins anew after a long hole, and sends nothing of before', () => {
    const speaker = new Speaker();
    speaker.say(3.02, (us) => us + 1e6);
    const before = speaker.sent.length;
    speaker.say(3, (us) => us + 60e6);
    expect(speaker.sent[before]?.ptsUs).toBe(60e6 - 128_000);
    expectAt(speaker.finish(), [1e6, 2e6, 3e6, 60e6, 61e6, 62e6]);
  });

  it('sends all that it holds at once when the source is away, and begins anew where it comes back', () => {
    const speaker = new Speaker();
    speaker.say(3.06, (us) => us + 1e6);
    speaker.encoder.flush();
    const end = speaker.sent.at(-1) as EncodedPacket;
    expect(end.ptsUs).toBeLessThan(4_060_000);
    expect(end.ptsUs + end.durationUs).toBeGreaterThanOrEqual(4_060_000);
    const before = speaker.sent.length;
    speaker.encoder.flush();
    expect(speaker.sent).toHaveLength(before);
    speaker.say(2, (us) => us + 7_300_000);
    expectAt(speaker.finish(), [1e6, 2e6, 3e6, 4e6, 7_300_000, 8_300_000]);
  });

  it('never goes back, and is right again after a source did', () => {
    const speaker = new Speaker();
    speaker.say(3, (us) => us + 1e6);
    speaker.say(3, (us) => us + 3_700_000);
    expectAt(speaker.finish().slice(-2), [4_700_000, 5_700_000]);
  });
});

describe('encodedShape', () => {
  it.each([
    [8000, 1, 48_000, 1],
    [22_050, 2, 48_000, 2],
    [32_000, 2, 32_000, 2],
    [44_100, 2, 44_100, 2],
    [5512, 1, 48_000, 1],
    [192_000, 6, 48_000, 2],
    [0, 0, 48_000, 2],
  ])('of %i Hz ×%i is %i Hz ×%i', (sampleRate, channels, outRate, outChannels) => {
    expect(encodedShape({ sampleRate, channels })).toEqual({ sampleRate: outRate, channels: outChannels });
  });
});
