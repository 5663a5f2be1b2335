import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bindContract } from '../../../models/catalog/bind-contract.js';
import { findCatalogEntry } from '../../../models/catalog/load-catalog.js';
import { inspectModel } from '../../../models/onnx/inspect-model.js';
import { rootPath } from '../../docs/pages.js';

const weights = rootPath('../shared/weights/public');

/** Real files, and the entries whose contract they have. Other exports of the same weights are among them. */
const files: readonly (readonly [file: string, id: string])[] = [
  ['pose/posenet_mobilenet_v1_075_f32_dyn.onnx', 'posenet'],
  ['pose/rtmdet_nano_person_end2end.onnx', 'rtmdet-nano-person'],
  ['detect/yolox_nano.onnx', 'yolox-nano'],
  ['detect/FastestDet.onnx', 'fastestdet'],
  ['detect/face_version-RFB-320.onnx', 'rfb-320'],
  ['detect/osnet_x0_25_msmt17.onnx', 'osnet-x0.25-msmt17'],
  ['text/ch_PP-OCRv3_det_infer.onnx', 'ppocr-det-en-v3'],
  ['text/ch_ppocr_mobile_v2.0_cls_infer.onnx', 'ppocr-cls-v2'],
  ['upscale/realesr-animevideov3-x4.onnx', 'realesr-animevideov3'],
  ...['eng', 'deu', 'fra', 'spa', 'ita', 'por'].map((code) => [`text/${code}.onnx`, `tesseract-${code}`] as const),
];

describe.skipIf(!existsSync(weights))('real files (../shared/weights/public is there)', () => {
  it.each(files)('%s has the contract of %s', async (file, id) => {
    const contract = findCatalogEntry(id).contract['model.onnx'];
    const inspection = await inspectModel(`${weights}/${file}`);
    if (contract === undefined) throw new Error(`${id} has no contract`);
    expect(bindContract(id, contract, inspection).outputs).toHaveLength(contract.outputs.length);
  });

  it.each([
    ['detect/FastestDet.onnx', 'fastestdet'],
    ['detect/face_version-RFB-320.onnx', 'rfb-320'],
  ])('%s is byte for byte what %s downloads', (file, id) => {
    const content = readFileSync(`${weights}/${file}`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(findCatalogEntry(id).files[0]).toMatchObject({ bytes: content.length, sha256 });
  });
});
