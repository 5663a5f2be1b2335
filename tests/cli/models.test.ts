import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ModelLibrary } from '../../models/library/model-library.js';
import { GraphBuilder } from '../../models/onnx/graph-builder.js';
import { type CliRun, jsonLines, startCli } from '../helpers/cli.js';
import { type ModelServer, servers } from '../helpers/model-server.js';
import { workspace } from '../helpers/workspace.js';

/** Its entry has neither a digest nor an exact size, so that a server may give any model. */
const OPEN_MODEL = 'realesr-animevideov3';
const OPEN_PATH = '/github.com/HolyWu/vs-realesrgan/releases/download/model/realesr-animevideov3.onnx';

/** An image to an image, with some 400 kB of weights. */
function pictureModel(shape: readonly (number | string)[] = [1, 3, 'h', 'w']): Buffer {
  const graph = new GraphBuilder('picture');
  const image = graph.input('image', 'float32', shape);
  const weights = graph.floats(
    [100_000],
    Array.from({ length: 100_000 }, (_, i) => i % 7),
  );
  graph.output('styled', graph.node('Add', [image, graph.slice(weights, 0, 1, 2)]), 'float32', shape);
  return Buffer.from(graph.build());
}

describe('vitascope models', () => {
  const path = workspace();
  const start = servers();
  let server: ModelServer;
  beforeEach(async () => {
    process.env.NO_PROXY = '127.0.0.1';
    server = await start.model();
  });

  const models = (args: readonly string[], onStdout?: Parameters<typeof startCli>[1]): Promise<CliRun> =>
    startCli(['models', ...args, '--folder', path('library')], onStdout);
  const pull = (args: readonly string[], onStdout?: Parameters<typeof startCli>[1]): Promise<CliRun> =>
    models(['pull', ...args, '--mirror', server.url('')], onStdout);
  const library = (): ModelLibrary => new ModelLibrary({ folder: path('library') });
  const stateOf = async (id: string): Promise<string | undefined> =>
    (await library().list()).find((model) => model.id === id)?.state;

  it('lists a table on standard output, and what to do with it beside it', async () => {
    const { code, stdout, stderr } = await models(['list', '--task', 'upscale']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ID +TASK +SIZE +LICENCE +STATE +NOTE\n/);
    expect(stdout).toMatch(/^liveaction-span-x2 +upscale +1\.7 MB +CC-BY-NC-SA-4\.0 non-commercial +available$/m);
    expect(stderr).toContain('vitascope models pull realesr-general-x4v3');
    expect(stderr).toContain('--accept-licence');
  });

  it('lists as JSON, the embedded ones too', async () => {
    const rows = JSON.parse((await models(['list', '--json'])).stdout) as Record<string, unknown>[];
    expect(rows.find(({ id }) => id === 'colorize-small')).toMatchObject({ state: 'embedded', task: 'colorize' });
    expect(rows.find(({ id }) => id === 'yolox-nano')).toMatchObject({
      ...{ task: 'detect', family: 'yolox', bytes: 3_659_407, bytesKnown: 'exact' },
      ...{ state: 'available', licence: 'Apache-2.0', commercial: 'yes', digest: 'published' },
    });
  });

  it('pulls: licence first, then progress, then a model that verifies', async () => {
    server.serve(OPEN_PATH, pictureModel());
    const { code, stderr } = await pull([OPEN_MODEL]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/BSD 3-Clause[\s\S]*commercial use: allowed[\s\S]*done, in/),
    ]);
    expect(stderr).toContain('no digest is published for model.onnx: that of this download is pinned');
    expect(await stateOf(OPEN_MODEL)).toBe('downloaded');
    expect((await models(['verify', OPEN_MODEL])).stdout).toBe(`${OPEN_MODEL}  ok, downloaded\n`);
    const folder = (await models(['where', OPEN_MODEL])).stdout.trim();
    expect(readFileSync(join(folder, 'model.onnx'))).toEqual(pictureModel());
    expect((await pull([OPEN_MODEL])).stderr).toContain('nothing to do, it is downloaded');
    expect(server.seen).toHaveLength(1);
  });

  it('says which file is damaged, and how to mend it', async () => {
    server.serve(OPEN_PATH, pictureModel());
    await pull([OPEN_MODEL]);
    const { folder } = await library().find(OPEN_MODEL);
    const broken = pictureModel();
    broken[1000] = (broken[1000] as number) ^ 1;
    await writeFile(join(folder, 'model.onnx'), broken);
    const { code, stdout } = await models(['verify']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/colorize-small +ok, embedded/);
    expect(stdout).toMatch(
      new RegExp(`${OPEN_MODEL} +DAMAGED: model.onnx has SHA-256 .*models pull --force ${OPEN_MODEL}`),
    );
  });

  it('keeps what has arrived at Ctrl-C, and goes on from there', async () => {
    const content = pictureModel();
    server.serve(OPEN_PATH, content, { dripsAfter: 100_000, etag: '"1"' });
    let signalled = false;
    const stopped = await pull([OPEN_MODEL, '--progress', 'json'], (text, child) => {
      if (signalled || !/"bytes":[1-9]/.test(text)) return;
      signalled = true;
      child.kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(jsonLines(stopped.stdout).at(-1)).toMatchObject({ type: 'stopped', id: OPEN_MODEL });
    expect(await stateOf(OPEN_MODEL)).toBe('partial');

    server.serve(OPEN_PATH, content, { etag: '"1"' });
    const resumed = await pull([OPEN_MODEL]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('are here already');
    expect(server.seen.at(-1)?.range).toMatch(/^bytes=\d{6}-$/);
  });

  it('refuses a licence that nobody accepted, before anything is fetched', async () => {
    server.serve(OPEN_PATH, pictureModel());
    const { code, stderr } = await pull([OPEN_MODEL, 'nllb-200-distilled-600m']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/forbids commercial use.*--accept-licence.*\[MODEL_LICENCE\]/),
    ]);
    expect(server.seen).toEqual([]);
  });

  it.each([
    [['yolo-nano'], /did you mean "yolox-nano"\? \[MODEL_NOT_FOUND\]/],
    [['posenet'], /nobody offers it as ONNX.*--like posenet.*\[MODEL_NOT_FOUND\]/],
    [['yolox-nano', '--offline'], /\[OFFLINE\]/],
    [['yolox-nano'], /\[DOWNLOAD_FAILED\]/],
  ])('fails to pull %j with a reason', async (args, message) => {
    const { code, stderr } = await pull(args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
  });

  it('shows all about a model', async () => {
    const { stdout } = await models(['show', 'rtmo-s']);
    expect(stdout).toContain('rtmo-s: RTMO-s, several people in one pass');
    expect(JSON.parse((await models(['show', 'rtmo-s', '--json'])).stdout)).toMatchObject({
      family: 'rtmo',
      state: 'available',
    });
    expect((await models(['show', 'posnet'])).stderr).toContain('did you mean "posenet"');
  });

  it('prunes what is unfinished, downloaded models only when asked, and says so first', async () => {
    server.serve(OPEN_PATH, pictureModel());
    await pull([OPEN_MODEL]);
    expect((await models(['prune'])).stdout).toBe('nothing to remove\n');
    expect((await models(['prune', '--all', '--dry-run'])).stdout).toMatch(/downloaded, 40\d\.\d kB\n.* would be free/);
    expect(await stateOf(OPEN_MODEL)).toBe('downloaded');
    expect((await models(['prune', '--all'])).stdout).toContain('are free');
    expect(await stateOf(OPEN_MODEL)).toBe('available');
  });

  it('adds a model of one’s own, shows it, and removes it', async () => {
    await writeFile(path('mine.onnx'), pictureModel());
    const spec = ['--input', 'image:rgb:0-255', '--output', 'image:rgb:0-255'];
    const added = await models([
      'add',
      path('mine.onnx'),
      '--id',
      'mine',
      '--task',
      'stylize',
      ...spec,
      '--licence',
      'MIT',
    ]);
    expect([added.code, added.stderr]).toEqual([0, expect.not.stringContaining('vitascope:')]);
    expect(added.stdout).toContain('mine: mine');
    expect(added.stdout).toContain('"channels":"RGB"');
    expect(await stateOf('mine')).toBe('added');
    expect((await models(['remove', 'mine'])).stderr).toMatch(/^removed mine: 40\d/m);
    expect(existsSync(path('mine.onnx'))).toBe(true);
    expect(await stateOf('mine')).toBeUndefined();
  });

  it('adds a folder like a model of the catalog', async () => {
    await mkdir(path('deu'));
    const graph = new GraphBuilder('lines');
    const image = graph.input('image', 'float32', [1, 1, 36, 'w']);
    graph.output('probs', graph.reshape(image, [-1, 1, 115]), 'float32', ['t', 1, 115]);
    await writeFile(path('deu/model.onnx'), graph.build());
    const args = ['add', path('deu'), '--id', 'my-deu', '--like', 'tesseract-deu'];
    expect((await models(args)).stderr).toMatch(/has no alphabet\.json/);
    await writeFile(path('deu/alphabet.json'), '{}');
    expect((await models(args)).stdout).toContain('Task:      text-read, family ctc-tesseract');
  });

  it('says what a file has when it is not as described, and adds nothing', async () => {
    await writeFile(path('mine.onnx'), pictureModel([1, 64, 64, 3]));
    await writeFile(path('noise.onnx'), 'this is no model');
    const add = (file: string) =>
      models([
        'add',
        path(file),
        '--id',
        'mine',
        '--task',
        'stylize',
        '--input',
        'image:rgb:0-1',
        '--output',
        'image:rgb:0-1',
      ]);
    expect(await add('mine.onnx')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /"image" of the file is float32 \[1,64,64,3\]; did you mean nhwc\? \[OPTION_INVALID\]/,
      ),
    });
    expect((await add('noise.onnx')).stderr).toMatch(/is no ONNX file.*\[MODEL_INVALID\]/);
    expect((await add('nothing.onnx')).stderr).toMatch(/there is no file or folder .*\[MODEL_NOT_FOUND\]/);
    expect(await stateOf('mine')).toBeUndefined();
  });
});
