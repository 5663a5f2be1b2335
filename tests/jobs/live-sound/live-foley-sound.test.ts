import { Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { LiveSound } from '../../../jobs/live-sound/live-sound.js';
import { planLiveSound, prepareSound } from '../../../jobs/live-sound/live-sound-plan.js';
import type { Microseconds } from '../../../pipeline/index.js';
import type { DecodedSound, EncodedPacket } from '../../../streams/live/live-types.js';
import { clickGraph } from '../../helpers/clicks.js';
import { settle } from '../../helpers/frames.js';
import { clicksIn, heardSamples, loudest, pictureAt, tone } from '../../helpers/live-sounds.js';

type Wish = Parameters<typeof clickGraph>[1];

const SECOND = 1_000_000;
const FRAME = 40_000;

describe('LiveSound', () => {
  const open: LiveSound[] = [];
  afterEach(() => {
    for (const sound of open.splice(0)) sound.close();
  });

  /** A stream with, or without, sound of its own. */
  async function liveSound({ wish = {}, hasSound = false }: { wish?: Wish; hasSound?: boolean } = {}) {
    const packets: EncodedPacket[] = [];
    const source = new Subject<DecodedSound>();
    const prepared = await prepareSound(planLiveSound(clickGraph([], wish)), 0);
    const push = (packet: EncodedPacket): void => void packets.push(packet);
    const sound = new LiveSound({ prepared, startUs: 0, source: hasSound ? source : undefined, push });
    open.push(sound);
    sound.start();
    const hear = (ptsUs: Microseconds, impactUs?: Microseconds): void => {
      const picture = pictureAt(ptsUs, impactUs);
      sound.hear(picture);
      picture.frame.close();
    };
    /** Pictures, 25 a second, with impacts. */
    const play = (fromUs: Microseconds, toUs: Microseconds, impacts: readonly Microseconds[] = []): void => {
      for (let us = fromUs; us < toUs; us += FRAME) {
        hear(
          us,
          impacts.find((at) => at >= us && at < us + FRAME),
        );
      }
    };
    const say = (pieces: readonly DecodedSound[]): void => {
      for (const piece of pieces) source.next(piece);
    };
    const endUs = (): Microseconds =>
      packets.reduce((end, { ptsUs, durationUs }) => Math.max(end, ptsUs + durationUs), 0);
    const heard = (): Float32Array => heardSamples(sound.track, packets);
    return { sound, packets, hear, play, say, endUs, heard };
  }

  it('makes AAC, 48 kHz stereo, without a hole', async () => {
    const { sound, packets, play } = await liveSound();
    play(0, 2 * SECOND);
    sound.finish();
    expect(sound.track).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2 });
    expect(packets.length).toBeGreaterThan(90);
    for (const [i, { ptsUs }] of packets.entries()) expect(ptsUs).toBeCloseTo((i * 1024 * 1e6) / 48_000, -1);
  });

  it('is heard where it belongs, wherever that lies between pictures', async () => {
    const { sound, play, heard } = await liveSound();
    const impacts = [505_000, 983_000, 1_500_000, 2_018_000];
    play(0, 3 * SECOND, impacts);
    sound.finish();
    const times = clicksIn(heard());
    expect(times).toHaveLength(impacts.length);
    for (const [i, at] of impacts.entries()) expect(Math.abs((times[i] as number) - at)).toBeLessThan(2000);
    expect(sound.metrics()).toMatchObject({ heard: true, placed: 4, late: 0, dropped: 0 });
  });

  it('is ready within a tenth of a second of its picture', async () => {
    const { play, hear, endUs } = await liveSound();
    play(0, 2 * SECOND);
    for (let us = 2 * SECOND; us < 3 * SECOND; us += FRAME) {
      hear(us);
      expect(endUs()).toBeGreaterThan(us - 80_000);
      expect(endUs()).toBeLessThanOrEqual(us + FRAME);
    }
  });

  it('stays away with pictures that stay away, without phantom hits, and is in step after that', async () => {
    const { sound, packets, play, endUs, heard } = await liveSound();
    play(0, 2 * SECOND, [1_000_000]);
    const stalledUs = endUs();
    await settle();
    expect(endUs()).toBe(stalledUs);
    // The source was quiet for two seconds, and its clock went on.
    play(4 * SECOND, 6 * SECOND, [5_000_000]);
    sound.finish();
    const times = clicksIn(heard());
    expect(times.map((us) => Math.round(us / 20_000))).toEqual([50, 250]);
    expect(packets.every(({ ptsUs }, i) => i === 0 || ptsUs > (packets[i - 1] as EncodedPacket).ptsUs)).toBe(true);
  });

  it('makes nothing for a long pause, and begins anew behind it', async () => {
    const { sound, packets, play, heard } = await liveSound();
    play(0, 2 * SECOND, [1_000_000]);
    play(3600 * SECOND, 3601 * SECOND, [3_600_500_000]);
    await settle(20);
    play(3601 * SECOND, 3602 * SECOND, [3_601_500_000]);
    sound.finish();
    const between = packets.filter(({ ptsUs }) => ptsUs > 2.1 * SECOND && ptsUs < 3599 * SECOND);
    expect(between).toEqual([]);
    const after = packets.filter(({ ptsUs }) => ptsUs > 3599 * SECOND);
    const moved = after.map((packet) => ({ ...packet, ptsUs: packet.ptsUs - 3599 * SECOND }));
    const times = clicksIn(heardSamples(sound.track, moved));
    expect(times.map((us) => Math.round(us / 20_000))).toEqual([75, 125]);
    expect(sound.metrics()).toMatchObject({ placed: 3, late: 0, dropped: 0 });
    void heard;
  });

  it('does not hit late for pictures that come in one go after a stall', async () => {
    const { sound, play, say, heard } = await liveSound({ wish: { when: 'always' }, hasSound: true });
    say(tone(0, 2 * SECOND, 0.02));
    play(0, 2 * SECOND, [1_000_000]);
    // Sound goes on for ten seconds, pictures of that time come after it.
    say(tone(2 * SECOND, 12 * SECOND, 0.02));
    play(2 * SECOND, 12 * SECOND, [4_000_000, 5_000_000, 11_000_000]);
    sound.finish();
    expect(clicksIn(heard()).map((us) => Math.round(us / 20_000))).toEqual([50, 550]);
    expect(sound.metrics()).toMatchObject({ dropped: 2 });
  });

  describe('where the source has sound', () => {
    it('keeps it as it is while it is heard, and makes none', async () => {
      const { sound, play, say, heard } = await liveSound({ hasSound: true });
      for (let us = 0; us < 8 * SECOND; us += SECOND) {
        say(tone(us, us + SECOND));
        play(us, us + SECOND, [us + 500_000]);
      }
      sound.finish();
      const samples = heard();
      for (let us = SECOND; us < 7 * SECOND; us += 100_000) {
        expect(loudest(samples, us, us + 100_000)).toBeGreaterThan(0.15);
        expect(loudest(samples, us, us + 100_000)).toBeLessThan(0.26);
      }
      expect(sound.metrics()).toMatchObject({ heard: false });
    });

    it('makes sound beside a silent track that has been silent for five seconds, and fades it in over half a second', async () => {
      const { sound, play, say, heard } = await liveSound({ hasSound: true });
      for (let us = 0; us < 10 * SECOND; us += SECOND) {
        say(tone(us, us + SECOND, 0));
        play(us, us + SECOND, [us + 100_000, us + 600_000]);
      }
      sound.finish();
      const samples = heard();
      const full = loudest(samples, 5_590_000, 5_610_000);
      expect(loudest(samples, 0, 4_900_000)).toBeLessThan(0.001);
      expect(loudest(samples, 5_090_000, 5_110_000)).toBeGreaterThan(0.1 * full);
      expect(loudest(samples, 5_090_000, 5_110_000)).toBeLessThan(0.5 * full);
      const from = 5_500_000;
      const times = clicksIn(samples).filter((us) => us > from);
      expect(times.map((us) => Math.round(us / 20_000))).toEqual([280, 305, 330, 355, 380, 405, 430, 455, 480]);
      expect(sound.metrics()).toMatchObject({ heard: true });
    });

    it('goes not beyond what pictures have reached', async () => {
      const { play, say, endUs } = await liveSound({ wish: { when: 'always' }, hasSound: true });
      say(tone(0, 2 * SECOND));
      play(0, SECOND);
      expect(endUs()).toBeLessThanOrEqual(SECOND);
      expect(endUs()).toBeGreaterThan(900_000);
    });

    it('waits for sound that comes after its pictures, and no longer than half a second', async () => {
      const { play, say, endUs } = await liveSound({ wish: { when: 'always' }, hasSound: true });
      say(tone(0, SECOND));
      play(0, 1.4 * SECOND);
      expect(endUs()).toBeLessThanOrEqual(SECOND);
      play(1.4 * SECOND, 2 * SECOND);
      expect(endUs()).toBeGreaterThan(1.9 * SECOND);
    });

    it('goes on with it where pictures stay away', async () => {
      const { play, say, endUs, heard } = await liveSound({ wish: { when: 'always' }, hasSound: true });
      say(tone(0, 2 * SECOND));
      play(0, 2 * SECOND);
      for (let us = 2 * SECOND; us < 20 * SECOND; us += SECOND) say(tone(us, us + SECOND));
      expect(endUs()).toBeGreaterThan(16.8 * SECOND);
      expect(endUs()).toBeLessThanOrEqual(17 * SECOND);
      expect(loudest(heard(), 10 * SECOND, 11 * SECOND)).toBeGreaterThan(0.15);
    });

    it('leaves it out where made sound replaces it', async () => {
      const { sound, play, say, heard } = await liveSound({ wish: { when: 'replace' }, hasSound: true });
      say(tone(0, 2 * SECOND));
      play(0, 2 * SECOND, [1_000_000]);
      sound.finish();
      expect(loudest(heard(), 300_000, 900_000)).toBeLessThan(0.01);
      expect(clicksIn(heard())).toHaveLength(1);
    });
  });

  it('passes from some options to others without a click', async () => {
    const { sound, play, say, heard } = await liveSound({ wish: { when: 'always' }, hasSound: true });
    say(tone(0, 4 * SECOND));
    play(0, 2 * SECOND);
    const next = planLiveSound(clickGraph([], { when: 'replace' }));
    expect(sound.makes(next)).toBe(false);
    sound.follow(await prepareSound(next, 2 * SECOND));
    play(2 * SECOND, 4 * SECOND);
    sound.finish();
    const samples = heard();
    expect(loudest(samples, SECOND, 1.9 * SECOND)).toBeCloseTo(0.2, 1);
    expect(loudest(samples, 2.4 * SECOND, 3.9 * SECOND)).toBeLessThan(0.01);
    let step = 0;
    for (let i = 48_000; i < 3 * 48_000; i++) {
      step = Math.max(step, Math.abs((samples[i] as number) - (samples[i - 1] as number)));
    }
    expect(step).toBeLessThan(0.02);
  });

  it('counts on where options change', async () => {
    const { sound, play } = await liveSound();
    play(0, 2 * SECOND, [500_000, 1_000_000]);
    sound.follow(await prepareSound(planLiveSound(clickGraph([], { when: 'replace' })), 2 * SECOND));
    play(2 * SECOND, 4 * SECOND, [3_000_000]);
    sound.finish();
    expect(sound.metrics()).toMatchObject({ placed: 3, late: 0, dropped: 0 });
  });

  it("keeps the source's sound where no more is made", async () => {
    const { sound, play, say, heard } = await liveSound({ wish: { when: 'replace' }, hasSound: true });
    say(tone(0, 3 * SECOND));
    play(0, SECOND);
    sound.follow(await prepareSound(planLiveSound(clickGraph([], { when: 'never' })), SECOND));
    play(SECOND, 3 * SECOND);
    sound.finish();
    expect(loudest(heard(), 1.5 * SECOND, 2.5 * SECOND)).toBeGreaterThan(0.15);
    expect(sound.metrics()).toBeUndefined();
  });
});
