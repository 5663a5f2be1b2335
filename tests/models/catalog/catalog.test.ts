import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CatalogEntry, type CatalogFile, downloadSize } from '../../../models/catalog/catalog-entry.js';
import { isModelFamily, modelFamilies, modelTasks } from '../../../models/catalog/families.js';
import { isLicenceCode, licences } from '../../../models/catalog/licences.js';
import {
  builtinCatalog,
  findCatalogEntry,
  parseCatalogEntry,
  readCatalog,
  similarId,
} from '../../../models/catalog/load-catalog.js';
import { rootPath } from '../../docs/pages.js';
import { workspace } from '../../helpers/workspace.js';

const catalog = builtinCatalog();
const factsPath = rootPath('../shared/CATALOG-FACTS.md');

describe('the catalog of the package', () => {
  it('has models for every task, and every id once', () => {
    // Nobody else publishes one for `foley`; ours ships with the package.
    expect(new Set([...catalog.map(({ task }) => task), 'foley'])).toEqual(new Set(modelTasks));
    expect(new Set(catalog.map(({ id }) => id)).size).toBe(catalog.length);
  });

  it('has the models that people ask for', () => {
    const ids = catalog.map(({ id }) => id);
    const asked = [
      ...['ddcolor', 'ddcolor-artistic', 'ddcolor-tiny', 'eccv16', 'siggraph17'],
      ...['deoldify-artistic', 'deoldify-stable', 'deoldify-video'],
      ...['rtmpose-t', 'rtmpose-s', 'rtmpose-m', 'rtmo-s', 'rtmo-m', 'rtmdet-nano-person', 'rtmdet-m-person'],
      ...['movenet-lightning', 'movenet-thunder', 'movenet-multipose', 'posenet', 'yolox-tiny-person'],
      ...['ppocr-det-en-v3', 'ppocr-det-v4', 'ppocr-det-v5', 'ppocr-rec-v4', 'ppocr-rec-v5', 'ppocr-rec-latin-v3'],
      ...['ppocr-cls-v2', 'ppocr-cls-v5', ...['eng', 'deu', 'fra', 'spa', 'ita', 'por'].map((l) => `tesseract-${l}`)],
      ...['en-fr', 'fr-en', 'en-de', 'de-en', 'es-en', 'en-es'].map((pair) => `opus-mt-${pair}`),
      ...['m2m100-418m', 'nllb-200-distilled-600m'],
      ...['yolox-nano', 'yolox-tiny', 'yolox-s', 'rtdetr-r18', 'fastestdet', 'rfb-320'],
      ...['candy', 'mosaic', 'rain-princess', 'udnie', 'pointilism'].map((name) => `style-${name}`),
      ...['realesr-general-x4v3', 'realesr-animevideov3'],
      ...['vit-gpt2-caption', 'depth-anything-v2-small', 'mobilenetv2'],
    ];
    expect(asked.filter((id) => !ids.includes(id))).toEqual([]);
  });

  describe.each(catalog.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
    it('has a family that does its task, with the files that the family needs', () => {
      const family = modelFamilies[entry.family];
      expect(family.tasks).toContain(entry.task);
      const names = entry.files.map(({ name }) => name);
      if (names.length > 0) expect(names).toEqual(expect.arrayContaining([...family.files]));
    });

    it('has a known licence, and says no to commercial use where the licence does', () => {
      const { code, weights, commercial, note } = entry.licence;
      expect([code, weights].filter((licence) => !isLicenceCode(licence))).toEqual([]);
      const allowed = licences[weights as keyof typeof licences].commercial;
      expect(commercial === 'no').toBe(!allowed);
      if (commercial === 'care') expect(note).toBeDefined();
    });

    it('has addresses that need no rewriting', () => {
      for (const { url, mirrors = [], archive } of entry.files) {
        for (const address of [url, ...mirrors]) expect(address).toMatch(/^https:\/\/[a-z0-9.-]+\/[^\s{}…]+$/);
        expect(url.endsWith('.zip')).toBe(archive !== undefined);
      }
    });

    it('says how a model without an address is made', () => {
      if (entry.files.length > 0) return;
      expect(entry.facts).toContain(`--like ${entry.id}`);
      expect(Object.keys(entry.contract)).toContain('model.onnx');
    });

    it('tells adapters of images how pixels lie', () => {
      if (entry.family === 'seq2seq') return;
      expect(entry.adapter).toMatchObject({ layout: expect.anything(), channels: expect.anything() });
      expect(entry.adapter.range).toBeDefined();
      const channels = entry.adapter.channels === 'RGB' || entry.adapter.channels === 'BGR' ? 3 : 1;
      for (const list of [entry.adapter.mean, entry.adapter.std])
        expect(list === undefined || list.length === channels).toBe(true);
    });

    it('feeds sizes that its contract takes', () => {
      const { layout, size } = entry.adapter;
      const shape = Object.values(entry.contract)[0]?.inputs[0]?.shape;
      if (size === undefined || shape?.length !== 4) return;
      const sides = layout === 'NHWC' ? shape.slice(1, 3) : shape.slice(2, 4);
      sides.forEach((side, axis) => {
        if (typeof side === 'number') expect(side).toBe(size[axis]);
      });
    });

    it('names a person detector that the catalog has', () => {
      const { detector } = entry.adapter;
      if (detector !== undefined) expect(findCatalogEntry(detector).task).toBe('detect');
    });
  });

  it.skipIf(!existsSync(factsPath))('has no digest that is not in the collected facts (../shared is there)', () => {
    const facts = readFileSync(factsPath, 'utf8');
    const digests = catalog.flatMap(({ id, files }) =>
      files.flatMap(({ sha256, archive }) => [sha256, archive?.sha256].map((digest) => ({ id, digest }))),
    );
    expect(digests.filter(({ digest }) => digest !== undefined && !facts.includes(digest))).toEqual([]);
    const sizes = catalog.flatMap(({ id, files }) =>
      files.flatMap(({ bytes, archive }) => [bytes, archive?.bytes].map((size) => ({ id, size }))),
    );
    const unknown = sizes.filter(({ size }) => size !== undefined && !facts.includes(size.toLocaleString('en-US')));
    expect(unknown).toEqual([]);
  });
});

describe('an entry', () => {
  const valid = (): CatalogEntry => structuredClone(findCatalogEntry('yolox-nano'));
  const changed = (change: (entry: CatalogEntry) => void): (() => CatalogEntry) => {
    const entry = valid();
    change(entry);
    return () => parseCatalogEntry(entry, 'here');
  };

  it('is taken as it is when it follows the schema', () => {
    expect(parseCatalogEntry(valid(), 'here')).toEqual(valid());
  });

  it.each<[string, (entry: CatalogEntry) => void, RegExp]>([
    ['an unknown key', (e) => Object.assign(e, { colour: 1 }), /Unrecognized key: "colour"/],
    ['an unknown family', (e) => Object.assign(e, { family: 'yolov9' }), /family/],
    ['an unknown task', (e) => Object.assign(e, { task: 'sing' }), /task/],
    ['an id that is no folder name', (e) => Object.assign(e, { id: '../x' }), /id/],
    ['an address without TLS', (e) => Object.assign(e.files[0] as CatalogFile, { url: 'http://a.b/c.onnx' }), /url/],
    ['a file name with a folder', (e) => Object.assign(e.files[0] as CatalogFile, { name: 'a/b.onnx' }), /name/],
    ['half a digest', (e) => Object.assign(e.files[0] as CatalogFile, { sha256: 'abc' }), /64 lower-case hex/],
    ['a file without a contract', (e) => Object.assign(e, { contract: {} }), /says nothing of model\.onnx/],
    [
      'a contract without a file',
      (e) => Object.assign(e.contract, { 'b.onnx': { inputs: [], outputs: [] } }),
      /no file/,
    ],
    ['two files of one name', (e) => e.files.push(e.files[0] as CatalogFile), /two files have one name/],
    ['a range upside down', (e) => Object.assign(e.adapter, { range: [1, 0] }), /low < high/],
    ['a made-up layout', (e) => Object.assign(e.adapter, { layout: 'CHWN' }), /layout/],
    ['a made-up licence', (e) => Object.assign(e.licence, { weights: 'free' }), /weights/],
  ])('is refused with %s', (_, change, message) => {
    expect(changed(change)).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('may have parameters that only its family knows', () => {
    expect(changed((e) => Object.assign(e.adapter, { headSize: 64 }))().adapter.headSize).toBe(64);
  });

  it('is found by its id, and guessed at when the id is wrong', () => {
    expect(findCatalogEntry('ddcolor-tiny').family).toBe('ddcolor');
    expect(() => findCatalogEntry('dcolor-tiny')).toThrow(
      expect.objectContaining({
        code: 'MODEL_NOT_FOUND',
        message: expect.stringContaining('did you mean "ddcolor-tiny"'),
      }),
    );
    expect(similarId('something-else-entirely', catalog)).toBeUndefined();
  });
});

describe('the size of a download', () => {
  const sizeOf = (files: readonly object[], aboutBytes?: number) =>
    downloadSize({ ...findCatalogEntry('yolox-nano'), files, aboutBytes } as never);

  it.each([
    ['exact when every size is known', [{ bytes: 5 }, { bytes: 7 }], { bytes: 12, known: 'exact' }],
    ['that of the archive, not of what is in it', [{ bytes: 9, archive: { bytes: 5 } }], { bytes: 5, known: 'exact' }],
    ['rough when the archive does not tell', [{ bytes: 9, archive: {} }], { bytes: 9, known: 'rough' }],
    ['rough when a size is rounded', [{ bytes: 5 }, { aboutBytes: 7 }], { bytes: 12, known: 'rough' }],
    ['partial when a size is missing', [{ bytes: 5 }, {}], { bytes: 5, known: 'partial' }],
    ['that of all together when no file tells', [{}], { bytes: 20, known: 'rough' }, 20],
    ['unknown when all are', [{}], { bytes: 0, known: 'unknown' }],
  ])('is %s', (_, files, expected, aboutBytes?: number) => {
    expect(sizeOf(files, aboutBytes)).toEqual(expected);
  });
});

describe('a folder of entries', () => {
  const path = workspace();
  beforeEach(() => mkdir(path('detect')));

  it('is read by task and id', async () => {
    await writeFile(path('detect/yolox-nano.json'), JSON.stringify(findCatalogEntry('yolox-nano')));
    expect(readCatalog(path('')).map(({ id }) => id)).toEqual(['yolox-nano']);
  });

  it('must call files like their ids', async () => {
    await writeFile(path('detect/other.json'), JSON.stringify(findCatalogEntry('yolox-nano')));
    expect(() => readCatalog(path(''))).toThrow(/must be of task detect and id other, got detect and yolox-nano/);
  });

  it('must hold JSON', async () => {
    await writeFile(path('detect/broken.json'), '{');
    expect(() => readCatalog(path(''))).toThrow(/broken\.json is no JSON/);
  });
});

describe('families', () => {
  it('are known by name', () => {
    expect(isModelFamily('yolox')).toBe(true);
    expect(isModelFamily('toString')).toBe(false);
  });
});
