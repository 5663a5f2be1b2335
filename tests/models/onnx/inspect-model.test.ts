import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedModelPath } from '../../../models/model-source.js';
import { inspectModel } from '../../../models/onnx/inspect-model.js';
import { encodeModel, type GraphProto, type ModelProto } from '../../../models/onnx/model-proto.js';
import { workspace } from '../../helpers/workspace.js';
import { failure } from '../helpers.js';

const output = { name: 'y', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'n' }] } } } };
const model = (graph: GraphProto, more: ModelProto = {}): Uint8Array =>
  encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 18 }],
    graph: { output: [output], ...graph },
    ...more,
  });
const external = (entries: Record<string, string>): GraphProto => ({
  initializer: [
    {
      name: 'weights',
      dims: [4],
      dataType: 1,
      dataLocation: 1,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
    },
  ],
});

describe('inspectModel', () => {
  const path = workspace();
  const file = async (bytes: Uint8Array, name = 'm.onnx'): Promise<string> => {
    await writeFile(path(name), bytes);
    return path(name);
  };

  it('tells what an embedded model takes and gives', async () => {
    const found = await inspectModel(embeddedModelPath('colorize-small'));
    expect(found.inputs.map(({ name }) => name)).toEqual(['thumb', 'temperature']);
    expect(found.outputs).toMatchObject([{ name: 'cbcr', type: 'float32' }]);
    expect(found.nodes).toBeGreaterThan(10);
    expect(found.opset).toBeGreaterThanOrEqual(17);
    expect(found.externalFiles).toEqual([]);
  });

  it('does not count weights among the inputs', async () => {
    const input = (name: string) => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: [{ dimValue: 2 }] } } },
    });
    const graph = { input: [input('x'), input('w')], initializer: [{ name: 'w', dims: [2], dataType: 1 }] };
    const { inputs } = await inspectModel(await file(model(graph)));
    expect(inputs).toEqual([{ name: 'x', type: 'float32', shape: [2] }]);
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'is empty'],
    ['text', new TextEncoder().encode('<!DOCTYPE html><title>404</title>'), 'no ONNX file'],
    ['noise', Uint8Array.from({ length: 4096 }, (_, i) => (i * 131) % 251), 'no ONNX file'],
    ['a model without a graph', encodeModel({ irVersion: 8 }), 'no graph with outputs'],
    ['a graph without outputs', encodeModel({ irVersion: 8, graph: { node: [] } }), 'no graph with outputs'],
  ])('refuses %s', async (_what, bytes, why) => {
    const error = await failure(inspectModel(await file(bytes)));
    expect(error).toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining(why) });
  });

  it('refuses what is no file', async () => {
    await mkdir(path('folder.onnx'));
    expect(await failure(inspectModel(path('folder.onnx')))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await failure(inspectModel(path('nothing.onnx')))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('gives an inspection or a typed error for any bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(bytes, async (noise) => {
        const error = await inspectModel(await file(noise)).catch((e: unknown) => e);
        expect(
          error === undefined || (error as { code?: string }).code !== undefined || 'inputs' in (error as object),
        ).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a file above the limit, without reading it', async () => {
    await truncate(await file(Uint8Array.of(8, 8)), 3_000_000_000);
    expect(await failure(inspectModel(path('m.onnx')))).toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining('has 3000000000 bytes, at most 2147483647 are allowed'),
    });
    const small = await file(model({}), 'small.onnx');
    expect(await failure(inspectModel(small, { maxFileBytes: 4 }))).toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('counts the nodes of inner graphs', async () => {
    const node = { opType: 'Relu', input: ['x'], output: ['y'] };
    const inner = { opType: 'If', input: ['c'], attribute: [{ name: 'then_branch', g: { node: [node, node] } }] };
    const path = await file(model({ node: [inner] }));
    expect((await inspectModel(path)).nodes).toBe(3);
    expect(await failure(inspectModel(path, { maxNodes: 2 }))).toMatchObject({
      message: expect.stringContaining('has 3 nodes, at most 2 are allowed'),
    });
  });

  it('survives graphs nested without end', async () => {
    // Our writer refuses such a thing, so the bytes are put together by hand: ModelProto.graph (7) of node (1) of attribute (5) of g (6) of …
    const field = (number: number, content: Buffer): Buffer => {
      const length: number[] = [];
      for (let rest = content.length; ; rest >>= 7) {
        length.push(rest > 127 ? (rest & 127) | 128 : rest);
        if (rest < 128) break;
      }
      return Buffer.concat([Buffer.of((number << 3) | 2, ...length), content]);
    };
    let graph = Buffer.alloc(0);
    for (let i = 0; i < 2000; i++) graph = field(1, field(5, field(6, graph))) as Buffer<ArrayBuffer>;
    const error = await failure(inspectModel(await file(field(7, graph))));
    expect(error).toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining('depth') });
  });

  describe('operators', () => {
    const wanting = (domain: string): GraphProto => ({ node: [{ opType: 'Evil', domain, output: ['y'] }] });

    it.each(['', 'ai.onnx.ml', 'com.microsoft'])('of domain "%s" are the runtime\'s own', async (domain) => {
      await inspectModel(await file(model(wanting(domain))));
    });

    it('of other domains are refused unless they are allowed', async () => {
      const path = await file(model(wanting('com.example')));
      expect(await failure(inspectModel(path))).toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining('com.example.Evil'),
      });
      await inspectModel(path, { allowCustomOps: true });
    });

    it('that the file itself defines are allowed, and looked into', async () => {
      const functions = [{ name: 'Evil', domain: 'own', node: [{ opType: 'Worse', domain: 'com.example' }] }];
      const error = await failure(inspectModel(await file(model(wanting('own'), { functions }))));
      expect(error).toMatchObject({ message: expect.stringContaining('com.example.Worse') });
    });
  });

  describe('weights in other files', () => {
    it('may lie in the folder of the model', async () => {
      await writeFile(path('m.data'), new Uint8Array(32));
      const graph = external({ location: 'm.data', offset: '16', length: '16' });
      expect((await inspectModel(await file(model(graph)))).externalFiles).toEqual(['m.data']);
    });

    it.each([
      ['above it', '../secret'],
      ['anywhere', '/etc/passwd'],
      ['above it, in the words of Windows', '..\\secret'],
      ['nowhere', ''],
    ])('may not lie %s', async (_where, location) => {
      const error = await failure(inspectModel(await file(model(external({ location })))));
      expect(error).toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringContaining("outside the model's folder"),
      });
    });

    it('may not be links out of the folder', async () => {
      await mkdir(path('models'));
      await writeFile(path('secret'), 'x'.repeat(64));
      await symlink(path('secret'), path('models/m.data'));
      const error = await failure(inspectModel(await file(model(external({ location: 'm.data' })), 'models/m.onnx')));
      expect(error).toMatchObject({ message: expect.stringContaining("lead outside the model's folder") });
    });

    it('must be there, be files, and be long enough', async () => {
      const missing = await failure(inspectModel(await file(model(external({ location: 'm.data' })))));
      expect(missing).toMatchObject({ message: expect.stringContaining('missing') });
      await mkdir(path('m.data'));
      const folder = await failure(inspectModel(path('m.onnx')));
      expect(folder).toMatchObject({ message: expect.stringContaining('no file') });
      await writeFile(path('short'), new Uint8Array(8));
      for (const [offset, length] of [
        ['0', '16'],
        ['-8', '8'],
        ['9007199254740993', '8'],
        ['x', '4'],
        ['4', '-8'],
      ] as const) {
        const error = await failure(inspectModel(await file(model(external({ location: 'short', offset, length })))));
        expect(error).toMatchObject({ code: 'MODEL_INVALID', message: expect.stringContaining('too few') });
      }
    });

    it('are bounded in size', async () => {
      await writeFile(path('m.data'), new Uint8Array(32));
      const error = await failure(
        inspectModel(await file(model(external({ location: 'm.data' }))), { maxExternalBytes: 31 }),
      );
      expect(error).toMatchObject({ message: expect.stringContaining('at most 31 are allowed') });
    });

    it('are found in attributes of nodes as well', async () => {
      const [t] = external({ location: '../x' }).initializer ?? [];
      const node = {
        opType: 'Constant',
        output: ['y'],
        attribute: [{ name: 'value', ...(t === undefined ? {} : { t }) }],
      };
      expect(await failure(inspectModel(await file(model({ node: [node] }))))).toMatchObject({ code: 'MODEL_INVALID' });
    });
  });
});
