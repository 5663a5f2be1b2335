import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { probe } from '../../streams/libav/probe.js';
import { h264Clip } from '../fixtures/media.js';
import { type CliRun, jsonLines, startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

/** Seconds of each segment that a playlist has; none while it is not there. */
function segmentLengths(playlist: string): readonly number[] {
  if (!existsSync(playlist)) return [];
  return [...readFileSync(playlist, 'utf8').matchAll(/#EXTINF:([\d.]+)/g)].map(([, length]) => Number(length));
}

/** Starts the command, and presses Ctrl-C once when what it printed last, or wrote, says so. */
function interrupted(args: readonly string[], isTime: (printed: string) => boolean): Promise<CliRun> {
  let isDone = false;
  return startCli(args, (text, child) => {
    if (isDone || !isTime(text)) return;
    isDone = true;
    child.kill('SIGINT');
  });
}

describe('vitascope run', () => {
  const at = workspace();

  it('records a looped film until it is interrupted, and ends the file', async () => {
    const film = await h264Clip({ audio: true });
    const args = ['run', '-i', `loop:${film}`, '-o', at('out.mkv'), '--progress', 'json'];
    const { code, stdout } = await interrupted(args, (text) => text.includes('"type":"metrics"'));
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'metrics', outputs: [{ state: 'closed' }] });
    const { tracks, durationUs = 0 } = await probe(at('out.mkv'));
    expect(tracks.map(({ codec }) => codec)).toEqual(['h264', 'aac']);
    expect(durationUs).toBeGreaterThan(0);
  });

  it('ends after the time that was asked for', async () => {
    const film = await h264Clip();
    const args = ['run', '-i', `loop:${film}`, '-o', at('out.mkv'), '--for', '1', '--progress', 'json'];
    const { code, stdout } = await startCli(args);
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'metrics', outputs: [{ state: 'closed' }] });
  });

  it('writes HLS in several sizes, with a key frame at the start of each segment, and ends the playlists', async () => {
    const film = await h264Clip({ audio: true });
    const sizes = ['--rendition', '120:200', '--rendition', '240', '--key-frames', '0.5'];
    const outputs = ['-o', `hls:${at('www')}`, '-o', at('out.mkv')];
    const args = ['run', '-i', `loop:${film}`, ...outputs, ...sizes, '--progress', 'json'];
    const names = ['240p', '120p'];
    // A machine that is busy with something else takes its time.
    const { code, stdout } = await interrupted(args, () =>
      names.every((name) => segmentLengths(at(`www/${name}/media.m3u8`)).length > 2),
    );
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toContainEqual({ type: 'note', note: 'hls', folder: at('www') });
    const master = readFileSync(at('www/index.m3u8'), 'utf8');
    expect(master.match(/RESOLUTION=\d+x\d+|^\d+p.*$/gm)).toEqual([
      'RESOLUTION=320x240',
      '240p/media.m3u8',
      'RESOLUTION=160x120',
      '120p/media.m3u8',
    ]);
    for (const name of names) {
      const file = at(`www/${name}/media.m3u8`);
      const playlist = readFileSync(file, 'utf8');
      expect(playlist).toMatch(/#EXT-X-TARGETDURATION:1\n/);
      expect(playlist).toMatch(/#EXT-X-ENDLIST\s*$/);
      for (const length of segmentLengths(file).slice(0, -1)) {
        expect(length).toBeGreaterThan(0.45);
        // Pictures that a busy machine leaves out make it longer; without key frames of its own it would be two seconds.
        expect(length).toBeLessThan(1.5);
      }
    }
    expect((await probe(at('out.mkv'))).video).toMatchObject({ height: 240 });
  });

  it('copies what comes into a folder', async () => {
    const film = await h264Clip({ audio: true });
    const args = ['run', '-i', `file:${film}`, '-g', 'copy', '-o', `hls:${at('www')}`, '--progress', 'json'];
    const { code, stdout } = await startCli(args);
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ runner: null, renditions: [{ name: 'main', codec: 'h264' }] });
    expect(readFileSync(at('www/main/media.m3u8'), 'utf8')).toMatch(/#EXT-X-ENDLIST/);
  });

  it('refuses renditions that nothing takes, or that are none', async () => {
    const input = ['run', '-i', 'loop:x', '-o', at('out.mkv')];
    const several = await startCli([...input, '--rendition', '720', '--rendition', '360']);
    expect(several.stderr).toMatch(/hls:FOLDER/);
    const odd = await startCli([...input, '--rendition', '719']);
    expect(odd.stderr).toMatch(/even height/);
    const twice = await startCli([...input, '--rendition', '720', '--bitrate', '1000000']);
    expect(twice.stderr).toMatch(/720:2500/);
    expect([several.code, odd.code, twice.code]).toEqual([2, 2, 2]);
  });

  it('fails where there is nothing to read, without naming secrets', async () => {
    const { code, stderr } = await startCli(['run', '-i', 'http://me:pw@127.0.0.1:1/x?key=pw', '-o', at('out.mkv')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/cannot read http:\/\/127.0.0.1:1\/x/);
    expect(stderr).not.toMatch(/pw/);
  });

  it('explains what an input and an output may be', async () => {
    const wrongInput = await startCli(['run', '-i', 'gopher://x', '-o', at('out.mkv')]);
    expect(wrongInput.code).toBe(2);
    expect(wrongInput.stderr).toMatch(/expected rtmp, rtmps, rtsp/);
    const wrongOutput = await startCli(['run', '-i', 'loop:x', '-o', at('out.txt')]);
    expect(wrongOutput.code).toBe(2);
    expect(wrongOutput.stderr).toMatch(/\.mkv/);
  });
});
