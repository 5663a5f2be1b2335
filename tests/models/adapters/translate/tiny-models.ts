import { writeFile } from 'node:fs/promises';
import { GraphBuilder, type Value } from '../../../../models/onnx/graph-builder.js';

/** Lower-case words are translated to upper-case ones. */
const words = ['a', 'b', 'c', 'd', 'e'];
/** Tokens by their numbers; the last two are languages, as M2M100 marks them. */
export const vocabulary = [
  '</s>',
  '<unk>',
  ...words.map((word) => `▁${word}`),
  ...words.map((word) => `▁${word.toUpperCase()}`),
  '<pad>',
  '__en__',
  '__de__',
];
export const END = 0;
export const PAD = vocabulary.indexOf('<pad>');
const SIZE = vocabulary.length;
const special = ['</s>', '<unk>', '<pad>', '__en__', '__de__'];
/** Rows of the table that makes the next token depend on all tokens before. */
const STATES = 13;

/** `tokenizer.json` as Marian's look: Unigram behind Metaspace. */
export const tokenizerFile = {
  version: '1.0',
  added_tokens: special.map((content) => ({
    ...{ id: vocabulary.indexOf(content), content, special: true },
    ...{ single_word: false, lstrip: false, rstrip: false, normalized: false },
  })),
  normalizer: { type: 'Precompiled', precompiled_charsmap: '' },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁', add_prefix_space: true }],
  },
  post_processor: null,
  decoder: { type: 'Metaspace', replacement: '▁', add_prefix_space: true },
  model: { type: 'Unigram', unk_id: 1, vocab: vocabulary.map((token) => [token, special.includes(token) ? 0 : -2]) },
};

export const configFile = {
  decoder_start_token_id: PAD,
  eos_token_id: END,
  pad_token_id: PAD,
  bad_words_ids: [[PAD]],
  max_length: 64,
  num_beams: 2,
};

export interface TinyDecoderOptions {
  /** None: all tokens are fed each time. `merged`: keys of decoder and encoder. `decoder`: keys of the decoder alone, as GPT-2 has them. */
  readonly cache?: 'none' | 'merged' | 'decoder';
  readonly mask?: boolean;
  /** Tokens that are fed before the first one that counts. */
  readonly prefix?: number;
  /** Tokens of the source that have no translation, at its beginning. */
  readonly skip?: number;
  /** How much the source counts; what comes by chance is between 0 and 5. */
  readonly echo?: number;
  /** The file tells neither the number of heads nor their size. */
  readonly openHeads?: boolean;
  /** Small letters become capitals. */
  readonly capitals?: boolean;
}

/** An encoder whose states are the tokens themselves: `input_ids`, `attention_mask` int64 `[batch, s]` → float32 `[batch, s, vocabulary]`. */
export async function writeTinyEncoder(path: string): Promise<string> {
  const graph = new GraphBuilder('tiny-encoder');
  const ids = graph.input('input_ids', 'int64', ['batch', 's']);
  const mask = graph.cast(graph.input('attention_mask', 'int64', ['batch', 's']), 'float32');
  const states = graph.node('Mul', [oneHot(graph, ids), graph.reshape(mask, [0, -1, 1])]);
  graph.output('last_hidden_state', states, 'float32', ['batch', 's', SIZE]);
  await writeFile(path, graph.build());
  return path;
}

/** An encoder of images 4×4, RGB: for red, green and blue a word, a capital where the channel is bright. */
export async function writeTinyImageEncoder(path: string): Promise<string> {
  const graph = new GraphBuilder('tiny-image-encoder');
  const image = graph.input('pixel_values', 'float32', ['batch', 3, 4, 4]);
  const means = graph.node('ReduceMean', [image, graph.ints([2], [2, 3])], { keepdims: 0 });
  const bright = graph.cast(graph.node('Greater', [means, graph.scalar(0)]), 'int64');
  const ids = graph.node('Add', [
    graph.node('Mul', [bright, graph.ints([], [words.length])]),
    graph.ints([3], [2, 3, 4]),
  ]);
  const ended = graph.node('Concat', [ids, graph.ints([1, 1], [END])], { axis: 1 });
  graph.output('last_hidden_state', oneHot(graph, ended), 'float32', ['batch', 4, SIZE]);
  await writeFile(path, graph.build());
  return path;
}

/**
 * A decoder with the contract of transformers.js. The next token is that of the source at the same place, and a table's row by the sum of all
 * tokens before, their number, and the sum of the source: so a wrong key in the cache changes what is written.
 */
export async function writeTinyDecoder(path: string, options: TinyDecoderOptions = {}): Promise<string> {
  const { cache = 'none', mask = true, prefix = 1, skip = 0, echo = 6, capitals = true, openHeads = false } = options;
  const graph = new GraphBuilder('tiny-decoder');
  const ids = graph.input('input_ids', 'int64', ['batch', 'n']);
  const states = graph.input('encoder_hidden_states', 'float32', ['batch', 's', SIZE]);
  const size = graph.node('Shape', [states], { start: 1, end: 2 });
  // Without a mask, all of the source counts.
  const counts = mask
    ? graph.node('ReduceSum', [graph.input('encoder_attention_mask', 'int64', ['batch', 's']), graph.ints([1], [1])], {
        keepdims: 0,
      })
    : size;
  const keys = keysOf(graph, cache, ids, states, openHeads);
  const length = graph.node('Shape', [keys.decoder], { start: 2, end: 3 });
  const state = graph.node('Mod', [
    graph.node('Add', [
      graph.node('Mul', [sumOf(graph, keys.decoder), graph.ints([], [3])]),
      graph.node('Add', [graph.node('Mul', [length, graph.ints([], [5])]), sumOf(graph, keys.encoder)]),
    ]),
    graph.ints([], [STATES]),
  ]);
  const chance = graph.node('Gather', [graph.floats([STATES, SIZE], chances()), state], { axis: 0 });
  const last = graph.node('Sub', [counts, graph.ints([1], [1])]);
  const place = graph.node('Min', [graph.node('Add', [length, graph.ints([1], [skip - prefix])]), last]);
  const chosen = graph.node('OneHot', [place, graph.node('Squeeze', [size]), graph.floats([2], [0, 1])], { axis: -1 });
  const source = graph.node('Squeeze', [
    graph.node('MatMul', [graph.node('Unsqueeze', [chosen, graph.ints([1], [1])]), states]),
    graph.ints([1], [1]),
  ]);
  const meant = graph.node('MatMul', [source, graph.floats([SIZE, SIZE], translation(capitals, echo))]);
  const row = graph.reshape(graph.node('Add', [meant, chance]), [-1, 1, SIZE]);
  const count = graph.node(
    'Concat',
    [graph.ints([1], [1]), graph.node('Shape', [ids], { start: 1 }), graph.ints([1], [1])],
    {
      axis: 0,
    },
  );
  graph.output('logits', graph.node('Expand', [row, count]), 'float32', ['batch', 'n', SIZE]);
  keys.leave();
  await writeFile(path, graph.build());
  return path;
}

interface Keys {
  /** float32 `[batch, 2, tokens, 4]`: the numbers of the tokens. */
  readonly decoder: Value;
  readonly encoder: Value;
  /** Declares the outputs of the cache. */
  leave(): void;
}

function keysOf(graph: GraphBuilder, cache: string, ids: Value, states: Value, openHeads: boolean): Keys {
  const [heads, size] = openHeads ? ['heads', 'size'] : [2, 4];
  const made = spread(graph, graph.cast(ids, 'float32'));
  const numbers = graph.floats(
    [SIZE, 1],
    vocabulary.map((_, i) => i),
  );
  const ofSource = spread(graph, graph.node('MatMul', [states, numbers]));
  if (cache === 'none') return { decoder: made, encoder: ofSource, leave: () => undefined };
  const own = cache === 'merged' ? 'decoder.' : '';
  const uses = graph.input('use_cache_branch', 'bool', [1]);
  const kinds = ['key', 'value'];
  const past = kinds.map((kind) =>
    graph.input(`past_key_values.0.${own}${kind}`, 'float32', ['batch', heads ?? 2, 'past', size ?? 4]),
  );
  const decoder = graph.node('Concat', [past[0], made], { axis: 2 });
  const leaving = kinds.map((kind, i) => [
    `present.0.${own}${kind}`,
    graph.node('Concat', [past[i], made], { axis: 2 }),
  ]);
  let encoder = ofSource;
  if (cache === 'merged') {
    const kept = kinds.map((kind) =>
      graph.input(`past_key_values.0.encoder.${kind}`, 'float32', ['batch', heads ?? 2, 's_past', size ?? 4]),
    );
    // As in merged exports, the branch with a cache gives nothing new of the encoder.
    const fresh = graph.node('Sub', [graph.ints([1], [1]), graph.cast(uses, 'int64')]);
    const end = graph.node('Mul', [graph.node('Shape', [states], { start: 1, end: 2 }), fresh]);
    const computed = graph.node('Slice', [ofSource, graph.ints([1], [0]), end, graph.ints([1], [2])]);
    encoder = graph.node('Concat', [kept[0], computed], { axis: 2 });
    for (const kind of kinds) leaving.push([`present.0.encoder.${kind}`, computed]);
  }
  return {
    decoder,
    encoder,
    leave: () => {
      for (const [name, value] of leaving)
        graph.output(name as string, value as Value, 'float32', ['batch', 2, '?', 4]);
    },
  };
}

/** Numbers of tokens `[batch, n]` as keys. */
function spread(graph: GraphBuilder, numbers: Value): Value {
  const column = graph.node('Unsqueeze', [graph.reshape(numbers, [0, -1]), graph.ints([2], [1, 3])]);
  return graph.node('Expand', [column, graph.ints([4], [1, 2, 1, 4])]);
}

/** int64 `[batch]` */
function sumOf(graph: GraphBuilder, keys: Value): Value {
  const sum = graph.node('ReduceSum', [keys, graph.ints([3], [1, 2, 3])], { keepdims: 0 });
  return graph.cast(graph.node('Round', [graph.node('Div', [sum, graph.scalar(8)])]), 'int64');
}

function oneHot(graph: GraphBuilder, ids: Value): Value {
  return graph.node('OneHot', [ids, graph.ints([], [SIZE]), graph.floats([2], [0, 1])], { axis: -1 });
}

function translation(capitals: boolean, echo: number): number[] {
  const isSmall = (i: number): boolean => i >= 2 && i < 2 + words.length;
  const target = (i: number): number => (capitals && isSmall(i) ? i + words.length : i);
  return vocabulary.flatMap((_, i) => vocabulary.map((__, j) => (j === target(i) ? echo : 0)));
}

/** Numbers between 0 and 5 without a pattern, the same each time. */
function chances(): number[] {
  return Array.from({ length: STATES * SIZE }, (_, i) => (5 * Math.abs(Math.sin(i * 78.233 + 0.5) * 43758.5453)) % 5);
}
