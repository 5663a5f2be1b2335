import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openLiveInput } from '../../../streams/live/live-input.js';
import type { EncodedPacket, EncodedTrack, LiveInput } from '../../../streams/live/live-types.js';
import { FileOutput } from '../../../streams/live/outputs/file-output.js';
import { FlvMuxer } from '../../../streams/live/outputs/flv-muxer.js';
import { h264Clip } from '../../fixtures/media.js';
import { takeCopies } from '../../helpers/copied.js';
import { until } from '../../helpers/frames.js';
import { type RtspServer, rtspServer } from '../../helpers/rtsp-server.js';
import { workspace } from '../../helpers/workspace.js';
import { expectPlayable } from './outputs/live-packets.js';

describe('a live input over RTSP', () => {
  const path = workspace();
  let pictures: EncodedPacket[];
  let server: RtspServer | undefined;
  let input: LiveInput | undefined;

  beforeAll(async () => {
    const film = await openLiveInput(`file:${await h264Clip({ container: 'ts' })}`, { copyVideo: true });
    const { video, ended } = takeCopies(film);
    await ended;
    pictures = video;
  });
  afterEach(async () => {
    await input?.stop();
    await server?.close();
    input = undefined;
    server = undefined;
  });

  it.each(['tcp', 'udp'] as const)('comes over %s when it is asked to', async (rtspTransport) => {
    server = await rtspServer(pictures);
    input = await openLiveInput(server.url, { rtspTransport, reconnect: { firstMs: 1, maxMs: 2 }, slots: 200 });
    const times: number[] = [];
    input.video?.subscribe(({ frame }) => {
      times.push(frame.ptsUs);
      frame.close();
    });
    await until(() => times.length >= 40);
    expect(input.size).toEqual({ width: 320, height: 240 });
    expect(server.transports[0]).toMatch(rtspTransport === 'tcp' ? /^RTP\/AVP\/TCP;/ : /^RTP\/AVP\/UDP;/);
  });

  it('says that a camera wants another password, and not which one it was given', async () => {
    server = await rtspServer(pictures, { refuses: true });
    const opening = openLiveInput(server.url.replace('//', '//admin:s3cret@'), { copyVideo: true });
    await expect(opening).rejects.toThrow(/^cannot read rtsp:\/\/127.0.0.1:\d+\/camera: .*401 Unauthorized/);
    await expect(opening).rejects.not.toThrow(/s3cret|admin/);
  });

  it('is copied, though its description names no headers, and plays from every kind of file', async () => {
    server = await rtspServer(pictures);
    input = await openLiveInput(server.url, { copyVideo: true, reconnect: false });
    const { video, tracks, ended } = takeCopies(input);
    await ended;
    const track = (tracks[0] as { track: EncodedTrack }).track;
    expect(tracks).toHaveLength(1);
    expect(video).toHaveLength(48);
    // RTP says when pictures are shown, not when they are decoded.
    video.forEach(({ ptsUs, dtsUs }, i) => {
      const { ptsUs: shownUs, dtsUs: decodedUs } = pictures[i] as EncodedPacket;
      expect(Math.abs(ptsUs - shownUs)).toBeLessThan(1000);
      expect(Math.abs(dtsUs - decodedUs)).toBeLessThan(1000);
    });
    for (const extension of ['mkv', 'mp4', 'flv', 'ts']) {
      const output = new FileOutput({ path: path(`a.${extension}`) });
      await output.open([track]);
      for (const packet of video) output.write(packet);
      await output.close();
      expect(expectPlayable(path(`a.${extension}`)).video.frames).toHaveLength(48);
    }
    const muxer = new FlvMuxer([track], 0);
    expect(muxer.header.some(({ type }) => type === 9)).toBe(true);
    muxer.close();
  });
});
