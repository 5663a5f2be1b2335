import { afterEach, describe, expect, it } from 'vitest';
import type { LiveClock } from '../../../streams/live/live-clock.js';
import { openLiveInput } from '../../../streams/live/live-input.js';
import type { LiveInputOptions } from '../../../streams/live/live-options.js';
import type { EncodedPacket, LiveEvent, LiveInput } from '../../../streams/live/live-types.js';
import { h264Clip } from '../../fixtures/media.js';
import { expectBalanced, until } from '../../helpers/frames.js';
import { type Answer, type LiveServer, liveServer, part, whole } from '../../helpers/live-server.js';

/** Reads until the input ends; `each` is called for each picture and may keep it open. */
function watch(input: LiveInput, each: (close: () => void) => void = (close) => close()) {
  const seen = { times: [] as number[], sound: [] as EncodedPacket[], events: [] as LiveEvent[], sizes: new Set() };
  input.events.subscribe((event) => seen.events.push(event));
  const sound = new Promise<void>((resolve) =>
    input.audio === undefined
      ? resolve()
      : input.audio.packets.subscribe({ next: (p) => seen.sound.push(p), complete: resolve, error: () => resolve() }),
  );
  const pictures = new Promise<unknown>((resolve) => {
    if (input.video === undefined) return resolve(undefined);
    input.video.subscribe({
      next: ({ frame }) => {
        seen.times.push(frame.ptsUs);
        seen.sizes.add(`${frame.width}×${frame.height}`);
        each(() => frame.close());
      },
      complete: () => resolve(undefined),
      error: resolve,
    });
  });
  return { ...seen, ended: Promise.all([pictures, sound]).then(([error]) => error) };
}

const kinds = (events: readonly LiveEvent[]): string[] => events.map(({ kind }) => kind);
const grows = (times: readonly number[]): boolean => times.every((t, i) => i === 0 || t > (times[i - 1] as number));

/** A clock whose sleeps take no time. */
function quickClock(): LiveClock {
  let now = 0;
  return {
    nowMs: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
}

const soon = { firstMs: 1, maxMs: 2 };
const plenty = { slots: 200 };
const HOUR = 3_600_000;

describe('openLiveInput', () => {
  let server: LiveServer | undefined;
  let input: LiveInput | undefined;
  const serve = async (answer: Answer): Promise<string> => {
    server = await liveServer(answer);
    return server.url;
  };
  const open = async (url: string, options: LiveInputOptions = {}): Promise<LiveInput> => {
    input = await openLiveInput(url, options);
    return input;
  };
  afterEach(async () => {
    await input?.stop();
    await server?.close();
    input = undefined;
    server = undefined;
  });

  it('reads pictures and sound of MPEG-TS over HTTP, from 0 and growing, AAC without ADTS headers', () =>
    expectBalanced(async () => {
      const url = await serve(whole(await h264Clip({ container: 'ts', audio: true })));
      const live = await open(url, { reconnect: false, ...plenty });
      const { times, sound, ended, events } = watch(live);
      expect(await ended).toBeUndefined();
      expect(times).toHaveLength(48);
      expect(grows(times)).toBe(true);
      expect(times[0]).toBeLessThan(200_000);
      expect((times.at(-1) as number) - (times[0] as number)).toBeCloseTo((47 / 24) * 1e6, -2);
      expect(live.frameRate).toEqual({ num: 24, den: 1 });
      expect(live.audio?.track).toMatchObject({ codec: 'aac', channels: 2 });
      expect(live.audio?.track.extradataBase64).toBe(Buffer.of(0x11, 0x90).toString('base64'));
      expect(sound.length).toBeGreaterThan(80);
      expect(sound.every(({ data }) => data[0] !== 0xff)).toBe(true);
      expect(grows(sound.map(({ ptsUs }) => ptsUs))).toBe(true);
      expect(kinds(events)).toEqual(['connected', 'ended']);
    }));

  it('goes on after the source was lost, later on the same timeline, and says so', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts', audio: true });
      const lose = part(file, 0.6, (response) => response.destroy());
      const url = await serve((response, request) =>
        request === 0 ? lose(response, 0) : request === 1 ? response.writeHead(404).end() : whole(file)(response, 0),
      );
      const live = await open(url, { reconnect: { ...soon, attempts: 4 }, ...plenty });
      const { times, sound, events } = watch(live);
      await until(() => times.length > 60);
      await live.stop();
      expect(times.length).toBeGreaterThan(60);
      expect(grows(times)).toBe(true);
      expect(grows(sound.map(({ ptsUs }) => ptsUs))).toBe(true);
      expect(kinds(events).slice(0, 5)).toEqual([
        'connected',
        'disconnected',
        'disconnected',
        'connected',
        'discontinuity',
      ]);
      expect(live.metrics().reconnects).toBeGreaterThanOrEqual(1);
    }));

  it('takes silence for a loss', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts' });
      const url = await serve((response, request) => part(file, request === 0 ? 0.6 : 1)(response, request));
      const live = await open(url, { reconnect: soon, stallTimeoutMs: 300, ...plenty });
      const { times, events } = watch(live);
      await until(() => times.length > 50);
      await live.stop();
      expect(events).toContainEqual(
        expect.objectContaining({ kind: 'disconnected', reason: expect.stringMatching(/nothing came for 0.3 s/) }),
      );
      expect(times.length).toBeGreaterThan(50);
      expect(grows(times)).toBe(true);
    }));

  it('gives up after as many attempts as it may make', async () => {
    const file = await h264Clip({ container: 'ts' });
    const url = await serve((response, request) =>
      request === 0 ? whole(file)(response, 0) : response.writeHead(404).end(),
    );
    const { ended, events } = watch(await open(url, { reconnect: { ...soon, attempts: 2 }, ...plenty }));
    expect(await ended).toMatchObject({ code: 'INPUT_UNREADABLE' });
    expect(kinds(events)).toEqual(['connected', 'disconnected', 'disconnected', 'ended']);
  });

  it('leaves out pictures that find no slot, and no sound', () =>
    expectBalanced(async () => {
      const file = await h264Clip({ container: 'ts', audio: true });
      const url = await serve(whole(file));
      const held: (() => void)[] = [];
      const live = await open(url, { reconnect: false, slots: 3, catchUpMs: 0 });
      const { times, sound, ended } = watch(live, (close) => held.push(close));
      await ended;
      for (const close of held) close();
      expect(times).toHaveLength(3);
      expect(live.metrics()).toMatchObject({ framesIn: 48, framesDropped: 45 });
      expect(sound.length).toBeGreaterThan(80);
    }));

  it('keeps all pictures that come at once when it connects, where they find a slot in time', () =>
    expectBalanced(async () => {
      const url = await serve(whole(await h264Clip({ container: 'ts' })));
      const live = await open(url, { reconnect: false, slots: 2, catchUpMs: 60_000 });
      const { times, ended } = watch(live, (close) => setImmediate(close));
      await ended;
      expect(times).toHaveLength(48);
      expect(live.metrics().framesDropped).toBe(0);
    }));

  it('stops at once while it waits for an answer', async () => {
    const abort = new AbortController();
    const url = await serve(() => abort.abort(new Error('enough')));
    await expect(open(url, { signal: abort.signal, connectTimeoutMs: HOUR })).rejects.toThrow('enough');
  });

  it('stops at once while it waits for more', () =>
    expectBalanced(async () => {
      const url = await serve(part(await h264Clip({ container: 'ts' }), 0.9));
      const live = await open(url, { ...plenty, stallTimeoutMs: HOUR });
      const { times, ended } = watch(live);
      await until(() => times.length > 10);
      await live.stop();
      expect(await ended).toBeUndefined();
    }));

  it('ends an attempt to connect that takes too long', async () => {
    const url = await serve(() => {});
    await expect(open(url, { connectTimeoutMs: 200 })).rejects.toThrow(/nothing came within 0.2 s/);
  });

  it('waits for a source that is not there yet, when asked to', async () => {
    const file = await h264Clip({ container: 'ts' });
    const url = await serve((response, request) =>
      request < 2 ? response.writeHead(404).end() : whole(file)(response, 0),
    );
    const events: LiveEvent[] = [];
    await open(url, { wait: true, reconnect: soon, onEvent: (event) => events.push(event), ...plenty });
    expect(server?.requests()).toBe(3);
    const reason = expect.stringMatching(/^cannot read http:\/\/127.0.0.1:\d+\/live.ts: Server returned 404/);
    expect(events).toEqual([
      { kind: 'waiting', reason, attempt: 1 },
      { kind: 'waiting', reason, attempt: 2 },
      { kind: 'connected' },
    ]);
  });

  it('is there at once where there is nothing to wait for', async () => {
    const url = await serve(whole(await h264Clip({ container: 'ts' })));
    const events: LiveEvent[] = [];
    const clock = { nowMs: () => 0, sleep: () => Promise.reject(new Error('it waited')) };
    const live = await open(url, { wait: true, clock, onEvent: (event) => events.push(event), ...plenty });
    expect(events).toEqual([{ kind: 'connected' }]);
    expect(kinds(watch(live).events)).toEqual(['connected']);
  });

  it('tells of each attempt, from the first one on and without secrets, and stops when it is told to', async () => {
    const abort = new AbortController();
    const events: LiveEvent[] = [];
    const opening = open('http://me:secret@127.0.0.1:1/x.flv?key=secret', {
      wait: true,
      signal: abort.signal,
      clock: quickClock(),
      onEvent: (event) => events.push(event) === 3 && abort.abort(new Error('enough')),
    });
    await expect(opening).rejects.toThrow('enough');
    const reason = expect.stringMatching(/^cannot read http:\/\/127.0.0.1:1\/x.flv: Connection refused$/);
    expect(events).toEqual([1, 2, 3].map((attempt) => ({ kind: 'waiting', reason, attempt })));
  });

  it('stops without ever having been watched', async () => {
    await open(await serve(part(await h264Clip({ container: 'ts' }), 0.9)), plenty);
    await input?.stop();
  });

  it('plays a film again and again at its own rate', () =>
    expectBalanced(async () => {
      const clock = quickClock();
      const film = await h264Clip({ audio: true });
      const live = await open(`loop:${film}`, { ...plenty, clock });
      const { times, sound, events } = watch(live);
      await until(() => times.length >= 150);
      await live.stop();
      expect(times.length).toBeGreaterThanOrEqual(150);
      const span = (times[144] as number) - (times[0] as number);
      expect(Math.abs(span - 6e6)).toBeLessThan(150_000);
      expect(Math.abs(clock.nowMs() - (times.at(-1) as number) / 1000)).toBeLessThan(500);
      expect(grows(times)).toBe(true);
      expect(grows(sound.map(({ ptsUs }) => ptsUs))).toBe(true);
      expect(kinds(events)).toEqual(['connected', 'ended']);
    }));

  it('fits pictures of another size into the first, and says so', () =>
    expectBalanced(async () => {
      const small = whole(await h264Clip({ container: 'ts' }));
      const large = whole(await h264Clip({ container: 'ts', width: 640, height: 360 }));
      const url = await serve((response, request) => (request === 0 ? small : large)(response, request));
      const live = await open(url, { reconnect: soon, ...plenty });
      const { times, sizes, events } = watch(live);
      await until(() => times.length > 50);
      await live.stop();
      expect([...sizes]).toEqual(['320×240']);
      expect(events).toContainEqual({ kind: 'changed', what: 'pictures are 640×360 yuv420p, were 320×240 yuv420p' });
    }));

  it('says why a camera of this machine cannot be read', async () => {
    const refused = open('device://vitascope-is-not-here');
    await expect(refused).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
    await expect(refused).rejects.toThrow(/^cannot read device:\/\/vitascope-is-not-here: \w/);
  });

  it('refuses protocols that are not allowed, and keeps secrets out of names', async () => {
    await expect(open('gopher://x')).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(open('loop:/etc/passwd', { protocols: ['rtsp'] })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    const refused = open('http://me:secret@127.0.0.1:1/x.flv?key=secret');
    await expect(refused).rejects.toThrow(/cannot read http:\/\/127.0.0.1:1\/x.flv:/);
    await expect(refused).rejects.not.toThrow(/secret/);
  });
});
