import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { soundsCommand } from '../../cli/commands/sounds.js';
import { wavFile } from '../../cli/sounds/wav-file.js';
import { actions, bedKinds, materials } from '../../operators/foley/bank/vocabulary.js';
import { probe } from '../../streams/libav/probe.js';
import { readSoundFile } from '../../streams/libav/sound-file.js';
import { startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

const RATE = 48_000;
/** A knock: 3 s of it, so that it may be a bed too. */
const knock = Float32Array.from({ length: 3 * RATE }, (_, i) => 0.5 * Math.sin(i / 8) * Math.exp(-i / RATE));

describe('vitascope sounds', { timeout: 120_000 }, () => {
  const path = workspace();
  /** In this process; what is refused rejects. */
  async function sounds(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
    const written = { stdout: '', stderr: '' };
    const spies = (['stdout', 'stderr'] as const).map((name) =>
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        written[name] += String(text);
        return true;
      }),
    );
    try {
      await soundsCommand().parseAsync([...args], { from: 'user' });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return written;
  }

  async function bank(list: unknown): Promise<string> {
    await mkdir(path('mine'), { recursive: true });
    await writeFile(path('mine/knock.wav'), wavFile([knock], RATE));
    await writeFile(path('mine/sounds.json'), JSON.stringify(list));
    return path('mine');
  }

  it('lists actions on materials and beds, and says how to hear and see them', async () => {
    const { code, stdout, stderr } = await startCli(['sounds', 'list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^EVENT +strike +scratch +step +splash +drop\n/);
    for (const name of [...materials, ...bedKinds]) expect(stdout).toMatch(new RegExp(`^${name} +·`, 'm'));
    expect(stderr).toContain('vitascope sounds render strike metal -o clang.wav');
  });

  it('counts sounds of a folder, and says what was measured of each', async () => {
    const folder = await bank({
      sounds: [
        { file: 'knock.wav', bed: 'rain' },
        { file: 'knock.wav', action: ['strike', 'drop'], material: 'wood', energy: 0.5 },
      ],
    });
    const { stdout } = await sounds('list', '--bank', folder);
    expect(stdout).toMatch(/^wood +1 yours +· +· +1 yours$/m);
    expect(stdout).toMatch(/^metal +· +· +· +·$/m);
    expect(stdout).toMatch(/^rain +1 yours$/m);
    expect(stdout).toMatch(/^knock\.wav +strike, drop +wood +3\.0 s +-\d+ LUFS$/m);
    expect(stdout).toMatch(/^knock\.wav +rain +bed +3\.0 s +-2\d LUFS$/m);
    const json = JSON.parse((await sounds('list', '--bank', folder, '--json')).stdout);
    expect(json.bank).toBe(folder);
    expect(json.kinds).toHaveLength(materials.length * (actions.length - 1) + 1 + bedKinds.length);
    expect(json.kinds).toContainEqual({ kind: 'event', action: 'drop', material: 'wood', users: 1 });
    expect(json.files.map((file: { bed?: string }) => file.bed)).toEqual([undefined, 'rain']);
  });

  it('names the file and the key of what is wrong in a folder', async () => {
    await expect(sounds('list', '--bank', path('nowhere'))).rejects.toMatchObject({
      code: 'INPUT_NOT_FOUND',
      message: expect.stringContaining(`${path('nowhere/sounds.json')} cannot be read`),
    });
    const folder = await bank({ sounds: [{ file: 'knock.wav', action: 'hit' }] });
    const { code, stderr } = await startCli(['sounds', 'list', '--bank', folder]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/sounds\.json: sounds\[0\]\.action: expected one of strike, .* \[OPTION_INVALID\]/);
  });

  it('renders an event that can be played, the same for the same seed, and another for another', async () => {
    const render = (file: string, ...more: readonly string[]) =>
      sounds('render', 'strike', 'wood', '-o', path(file), ...more);
    const first = await render('a.wav');
    expect(first.stderr).toContain('strike wood');
    await render('b.wav', '--seed', '1', '--energy', '0.7');
    await render('c.wav', '--seed', '2');
    const [a, b, c] = await Promise.all(['a.wav', 'b.wav', 'c.wav'].map((file) => readFile(path(file))));
    expect(a?.equals(b as Buffer)).toBe(true);
    expect(a?.equals(c as Buffer)).toBe(false);
    const { samples } = await readSoundFile(path('a.wav'), { sampleRate: RATE, maxSeconds: 10 });
    const peak = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    expect(peak).toBeGreaterThan(0.05);
    expect(peak).toBeLessThan(1);
  });

  it('renders a bed in stereo, as long as is asked for', async () => {
    await sounds('render', 'rain', '-o', path('rain.wav'), '--seconds', '1.5');
    const { tracks, durationUs } = await probe(path('rain.wav'));
    expect(durationUs).toBe(1_500_000);
    expect(tracks[0]).toMatchObject({ kind: 'audio' });
    const wav = await readFile(path('rain.wav'));
    expect(wav.readUInt16LE(22)).toBe(2);
    const frame = 44 + 48_000 * 6;
    expect(wav.readIntLE(frame, 3)).not.toBe(wav.readIntLE(frame + 3, 3));
  });

  it("renders the user's sound where its tags fit", async () => {
    const folder = await bank({ sounds: [{ file: 'knock.wav', action: 'step', material: 'grass' }] });
    const { stderr } = await sounds('render', 'step', 'grass', '-o', path('a.wav'), '--bank', folder);
    expect(stderr).toContain('your knock.wav');
  });

  it('draws a sheet of all kinds, and writes them as files on request', async () => {
    const folder = await bank({ sounds: [{ file: 'knock.wav', action: 'step', material: 'grass' }] });
    const args = ['-o', path('sheet.png'), '--wav', path('all'), '--bank', folder];
    const { stderr } = await sounds('play-sheet', ...args);
    expect(stderr).toContain('59 kinds and 1 sounds of yours');
    const { video } = await probe(path('sheet.png'));
    expect(video).toMatchObject({ codec: 'png' });
    const files = await readdir(path('all'));
    expect(files).toHaveLength(60);
    expect(files).toEqual(expect.arrayContaining(['strike-metal.wav', 'bed-rain.wav', 'mine-knock.wav']));
  });

  for (const [words, why] of [
    [['strike'], /strike of what\? expected one of wood, .*got nothing/],
    [['hit', 'wood'], /"hit" is neither an action \(strike, .*nor a bed \(water, /],
    [['strike', 'gold'], /got "gold"/],
    [['splash', 'wood'], /a splash is of water/],
    [['rain', 'wood'], /or a bed, got "rain wood"/],
    [['rain', '--energy', '0.5'], /a bed has --seconds/],
    [['strike', 'wood', '--seconds', '2'], /--seconds is of beds/],
    [['strike', 'wood', '--energy', '2'], /--energy must be 0 to 1, got 2/],
    [['rain', '--seconds', '0'], /--seconds must be above 0/],
    [['rain', '--seed', '-1'], /--seed must be a whole number/],
  ] as const) {
    it(`refuses: render ${words.join(' ')}`, async () => {
      await expect(sounds('render', ...words, '-o', path('x.wav'))).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        message: expect.stringMatching(why),
      });
      expect(existsSync(path('x.wav'))).toBe(false);
    });
  }

  it('replaces no file unasked', async () => {
    await writeFile(path('a.wav'), 'precious');
    const exists = { code: 'OUTPUT_EXISTS' };
    await expect(sounds('render', 'strike', 'wood', '-o', path('a.wav'))).rejects.toMatchObject(exists);
    await expect(sounds('play-sheet', '-o', path('a.wav'))).rejects.toMatchObject(exists);
    expect(await readFile(path('a.wav'), 'utf8')).toBe('precious');
    await sounds('render', 'strike', 'wood', '-o', path('a.wav'), '--overwrite');
    expect((await readFile(path('a.wav'))).toString('latin1', 0, 4)).toBe('RIFF');
  });

  it('says what is wrong with a place that cannot be written', async () => {
    await expect(sounds('render', 'strike', 'wood', '-o', path('no/such/folder/a.wav'))).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
  });
});
