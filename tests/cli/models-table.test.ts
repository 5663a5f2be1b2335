import { describe, expect, it } from 'vitest';
import { describeModel } from '../../cli/models/describe-model.js';
import { modelTable, rowOf } from '../../cli/models/model-table.js';
import { describePull } from '../../cli/models/show-pull.js';
import { downloadSize } from '../../models/catalog/catalog-entry.js';
import { findCatalogEntry } from '../../models/catalog/load-catalog.js';

const row = (id: string, state: 'available' | 'downloaded' = 'available', bytes = 0) => {
  const entry = findCatalogEntry(id);
  const download = entry.files.length === 0 ? undefined : downloadSize(entry);
  return rowOf({ id, entry, state, bytes, download, digest: 'published' });
};
const rows = [
  row('yolox-nano', 'downloaded', 3_659_407),
  row('rtmpose-t'),
  row('liveaction-span-x2'),
  row('posenet'),
  row('opus-mt-en-de'),
  row('eccv16'),
];

describe('the table of models', () => {
  it('lines up id, task, size, licence, state and a note', () => {
    expect(`\n${modelTable(rows)}\n`).toBe(`
ID                  TASK             SIZE  LICENCE                         STATE       NOTE
yolox-nano          detect         3.7 MB  Apache-2.0                      downloaded  mAP 25.8 on COCO
rtmpose-t           pose         ~13.0 MB  Apache-2.0 (see show)           available   AP 65.9 on COCO val, boxes of a detector
liveaction-span-x2  upscale        1.7 MB  CC-BY-NC-SA-4.0 non-commercial  available
posenet             pose                ?  Apache-2.0                      make it
opus-mt-en-de       translate  > 111.1 MB  Apache-2.0                      available   BLEU 26.9 on newstest2013, 37.0 on newstest2016
eccv16              colorize            ?  BSD-2-Clause                    available
`);
  });

  it('is cut where the terminal ends', () => {
    const [, , line] = modelTable(rows, 60).split('\n');
    expect(line?.length).toBeLessThanOrEqual(60);
    expect(line).toMatch(/\S…$/);
  });
});

describe('the description of a model', () => {
  const text = describeModel(findCatalogEntry('rtmo-s'), 'available');

  it('says what it is, whose it is, where it comes from, and what goes in and out', () => {
    for (const part of [
      'rtmo-s: RTMO-s, several people in one pass',
      'Task:      pose, family rtmo, version 20231211',
      'Licence:   weights: Apache License 2.0 (Apache-2.0)',
      'commercial use: allowed by the licence, but see the note',
      '`vitascope models pull rtmo-s` downloads 36.4 MB',
      'model.onnx, 39.6 MB, sha256 d0703d40d19f3921da51ae725402d5fdae4d2478c7442072d3101bd396f370d8',
      '(end2end.onnx in a zip)',
      'in  (name not known): float32 [1,3,640,640], picture',
      'out dets: float32 [1,n,5], x1, y1, x2, y2 in input pixels, score',
      '"nms":0.45',
      'AP 68.6 on COCO val',
    ])
      expect(text).toContain(part);
  });

  it('keeps its lines short, addresses and digests apart', () => {
    const long = text.split('\n').filter((line) => line.length > 100 && !/https:|sha256/.test(line));
    expect(long).toEqual([]);
  });

  it('says how a model is made that nobody offers', () => {
    const posenet = describeModel(findCatalogEntry('posenet'), 'available');
    expect(posenet).toContain('State:     nobody offers this file');
    expect(posenet).not.toContain('Files:');
  });

  it('says plainly that commercial use is forbidden', () => {
    expect(describeModel(findCatalogEntry('nllb-200-distilled-600m'), 'available')).toContain(
      'commercial use: FORBIDDEN',
    );
  });
});

describe('the progress of a pull', () => {
  it('tells share, bytes, rate and time left', () => {
    const progress = { id: 'x', phase: 'downloading', file: 'model.onnx', bytes: 5e6, totalBytes: 20e6 } as const;
    expect(describePull({ ...progress, bytesPerSecond: 1.5e6, etaSeconds: 10 })).toBe(
      'x  25 %  5.0 MB of 20.0 MB  1.5 MB/s  ETA 0:10  model.onnx',
    );
  });

  it('does without what is not known', () => {
    expect(describePull({ id: 'x', phase: 'downloading', bytes: 5e6 })).toBe('x  5.0 MB');
    expect(describePull({ id: 'x', phase: 'waiting', bytes: 0, totalBytes: 4 })).toBe(
      'x  another process is downloading  0 %  0 B of 4 B',
    );
  });
});
