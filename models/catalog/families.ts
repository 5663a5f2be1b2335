/** What a model does; the first folder below `models/catalog/`. */
export const modelTasks = [
  'colorize',
  'pose',
  'detect',
  'classify',
  'embed',
  'stylize',
  'upscale',
  'text-detect',
  'text-orient',
  'text-read',
  'translate',
  'caption',
  'depth',
  'foley',
] as const;
/** One of {@link modelTasks}. */
export type ModelTask = (typeof modelTasks)[number];

/** What is known of a family before any of its models is. */
export interface ModelFamilyInfo {
  /** Tasks that its models may have. */
  readonly tasks: readonly ModelTask[];
  /** Files that every model of the family has, by role. */
  readonly files: readonly string[];
  /** Which tensors its adapter reads, in the order of the contract. */
  readonly reads: string;
}

/**
 * The families of models: for each there is one adapter, which turns the tensors of its models into the terms of an
 * operator. `reads` says what the tensors of a contract mean, by position.
 */
export const modelFamilies = {
  ddcolor: {
    tasks: ['colorize'],
    files: ['model.onnx'],
    reads: 'neutral RGB 0–1 (L of the frame, a = b = 0) `[1,3,S,S]` → ab in Lab units `[1,2,S,S]`',
  },
  deoldify: {
    tasks: ['colorize'],
    files: ['model.onnx'],
    reads: 'neutral RGB `[1,3,S,S]` → RGB in the same range, of which the chroma is kept',
  },
  eccv16: {
    tasks: ['colorize'],
    files: ['model.onnx'],
    reads: 'L 0–100 `[1,1,256,256]` → ab in Lab units `[1,2,256,256]`',
  },
  siggraph17: {
    tasks: ['colorize'],
    files: ['model.onnx'],
    reads: 'L 0–100 `[1,1,S,S]`, hints ab `[1,2,S,S]`, mask of hints `[1,1,S,S]` (zeros: automatic) → ab `[1,2,S,S]`',
  },
  posenet: {
    tasks: ['pose'],
    files: ['model.onnx'],
    reads: 'image → heat maps, short offsets, mid-range offsets (Papandreou et al. 2018); several people, bottom-up',
  },
  'movenet-single': {
    tasks: ['pose'],
    files: ['model.onnx'],
    reads: 'square image → `[1,1,17,3]`: y, x, score, 0–1; one person',
  },
  'movenet-multi': {
    tasks: ['pose'],
    files: ['model.onnx'],
    reads: 'image → `[1,6,56]`: 17 × (y, x, score), then ymin, xmin, ymax, xmax, score, 0–1; six people',
  },
  rtmpose: {
    tasks: ['pose'],
    files: ['model.onnx'],
    reads: 'crop of one person → SimCC scores of x `[N,K,w]` and of y `[N,K,h]`; needs a person detector',
  },
  rtmo: {
    tasks: ['pose'],
    files: ['model.onnx'],
    reads:
      'image → boxes `[1,N,5]` (xyxy, score) and key points `[1,N,17,3]` (x, y, score), input pixels; several people',
  },
  yolox: {
    tasks: ['detect'],
    files: ['model.onnx'],
    reads: 'image → undecoded `[1,A,5+classes]` (x, y, w, h, objectness, class scores) over the strides, no NMS',
  },
  fastestdet: {
    tasks: ['detect'],
    files: ['model.onnx'],
    reads: 'image → grid `[1,5+classes,h,w]` (objectness, x, y, w, h, class scores), no NMS',
  },
  rtmdet: {
    tasks: ['detect'],
    files: ['model.onnx'],
    reads: 'image → boxes after NMS `[1,N,5]` (xyxy in input pixels, score), and labels `[1,N]` where there are any',
  },
  detr: {
    tasks: ['detect'],
    files: ['model.onnx'],
    reads: 'image → logits `[1,Q,classes]`, boxes `[1,Q,4]` (cxcywh, 0–1); sigmoid, no NMS (RT-DETR, D-FINE)',
  },
  'ssd-rfb': {
    tasks: ['detect'],
    files: ['model.onnx'],
    reads: 'image → scores `[1,A,2]` (background, face), boxes `[1,A,4]` (xyxy, 0–1), no NMS',
  },
  'imagenet-classify': {
    tasks: ['classify'],
    files: ['model.onnx'],
    reads: 'image → logits or probabilities `[1,classes]`, further axes of one element allowed',
  },
  'image-embed': {
    tasks: ['embed'],
    files: ['model.onnx'],
    reads: 'crops `[N,3,h,w]` → vectors `[N,D]`, compared by cosine',
  },
  'image-to-image': {
    tasks: ['stylize', 'upscale', 'colorize'],
    files: ['model.onnx'],
    reads: 'image → image, of the same size or `scale` times larger',
  },
  'image-depth': {
    tasks: ['depth'],
    files: ['model.onnx'],
    reads: 'image → relative inverse depth `[1,H,W]`, larger is nearer',
  },
  'db-text-detect': {
    tasks: ['text-detect'],
    files: ['model.onnx'],
    reads: 'image, sides multiples of 32 → probability of text `[1,1,H,W]` (DB; Liao et al. 2020)',
  },
  'line-orientation': {
    tasks: ['text-orient'],
    files: ['model.onnx'],
    reads: 'line of text → probabilities `[N,2]` of upright and upside down',
  },
  'ctc-ppocr': {
    tasks: ['text-read'],
    files: ['model.onnx'],
    reads: 'line of text `[N,3,48,W]` → probabilities `[N,T,classes]`, CTC, blank first',
  },
  'ctc-tesseract': {
    tasks: ['text-read'],
    files: ['model.onnx', 'alphabet.json'],
    reads: 'line of text `[1,1,36,W]` → probabilities `[W/3,1,classes]`, CTC, blank as the alphabet says',
  },
  seq2seq: {
    tasks: ['translate'],
    files: ['encoder.onnx', 'decoder.onnx', 'tokenizer.json', 'config.json'],
    reads: 'encoder: ids, mask → states; decoder: ids, states, mask (and a cache) → logits (Marian, M2M100, NLLB)',
  },
  'vision-seq2seq': {
    tasks: ['caption'],
    files: ['encoder.onnx', 'decoder.onnx', 'tokenizer.json', 'config.json'],
    reads: 'encoder: image → states; decoder: ids, states (and a cache) → logits',
  },
  'foley-step': {
    tasks: ['foley'],
    files: ['model.onnx'],
    reads:
      'picture, uint8 `[1,3,S,S]`, and states → onset, offset, energy, position, action, material, features, beds, and `…_next` states; `look.onnx`: pictures, given place → material, action, position',
  },
} as const satisfies Record<string, ModelFamilyInfo>;

/** The name of a family, which is the name of its adapter. */
export type ModelFamily = keyof typeof modelFamilies;

/** All families. */
export const modelFamilyNames = Object.keys(modelFamilies) as readonly ModelFamily[];

/** True for the name of a family. */
export function isModelFamily(name: string): name is ModelFamily {
  return Object.hasOwn(modelFamilies, name);
}

/** True for the name of a task. */
export function isModelTask(name: string): name is ModelTask {
  return (modelTasks as readonly string[]).includes(name);
}

/** Families whose models can do `task`. */
export function familiesOf(task: ModelTask): readonly ModelFamily[] {
  return modelFamilyNames.filter((name) => (modelFamilies[name].tasks as readonly ModelTask[]).includes(task));
}
