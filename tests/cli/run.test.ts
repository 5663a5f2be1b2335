import { describe, expect, it } from 'vitest';
import { probe } from '../../streams/libav/probe.js';
import { h264Clip } from '../fixtures/media.js';
import { jsonLines, startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

describe('vitascope run', () => {
  const at = workspace();

  it('records a looped film until it is interrupted, and ends the file', async () => {
    const film = await h264Clip({ audio: true });
    const args = ['run', '-i', `loop:${film}`, '-o', at('out.mkv'), '--progress', 'json'];
    let interrupted = false;
    const { code, stdout } = await startCli(args, (text, child) => {
      if (interrupted || !text.includes('"type":"metrics"')) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    expect(code).toBe(0);
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: 'metrics', outputs: [{ state: 'closed' }] });
    const { tracks, durationUs = 0 } = await probe(at('out.mkv'));
    expect(tracks.map(({ codec }) => codec)).toEqual(['h264', 'aac']);
    expect(durationUs).toBeGreaterThan(0);
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
