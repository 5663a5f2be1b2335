import type { AdapterParameters } from '../../../../models/catalog/adapter-parameters.js';
import { modelFiles } from './model-files.js';
import { shared } from './stills.js';

const folder = 'weights/public/text';

/** The files in ../shared that the real models need. */
export const realFiles = {
  detector: `${folder}/ch_PP-OCRv3_det_infer.onnx`,
  orientation: `${folder}/ch_ppocr_mobile_v2.0_cls_infer.onnx`,
  tesseract: `${folder}/eng.onnx`,
};

const bgr = { layout: 'NCHW', channels: 'BGR', range: [0, 1] } satisfies AdapterParameters;

/** PP-OCRv3 with the mean and deviation of PaddleOCR's own recipe. */
export function realDetector() {
  const recipe = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], multipleOf: 32 };
  return modelFiles('db-text-detect', { 'model.onnx': shared(realFiles.detector) }, { ...bgr, ...recipe });
}

export function realOrientation() {
  const recipe: AdapterParameters = { mean: [0.5], std: [0.5], size: [48, 192], fit: 'height', pad: 0.5, score: 0.9 };
  return modelFiles('line-orientation', { 'model.onnx': shared(realFiles.orientation) }, { ...bgr, ...recipe });
}

export function realTesseract(language: string) {
  const paths = {
    'model.onnx': shared(folder, `${language}.onnx`),
    'alphabet.json': shared(folder, `${language}.json`),
  };
  return modelFiles('ctc-tesseract', paths, { layout: 'NCHW', channels: 'gray', range: [0, 1], size: [36, 400] });
}
