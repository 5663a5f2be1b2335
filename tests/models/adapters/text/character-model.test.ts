import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CharacterModel } from '../../../../models/adapters/text/character-model.js';
import type { CtcSteps } from '../../../../models/adapters/text/ctc.js';
import { beamCtc } from '../../../../models/adapters/text/ctc-beam.js';
import { workspace } from '../../../helpers/workspace.js';

const inWorkspace = workspace();

/** `q` is followed by `u`; a line ends after `t`. */
const ARPA = String.raw`\data\
ngram 1=8
ngram 2=4

\1-grams:
-9.00	<s>	-0.10
-1.00	</s>
-0.50	▁	-0.20
-1.00	q	-0.30
-1.00	u	-0.30
-1.00	i	-0.30
-1.00	t	-0.30
-1.00	v

\2-grams:
-0.20	<s> q
-0.01	q u
-0.60	▁ q
-0.10	t </s>

\end\
`;

async function modelOf(text: string | Uint8Array): Promise<CharacterModel> {
  const path = inWorkspace('language.arpa.gz');
  await writeFile(path, text);
  return CharacterModel.open('test', path);
}

/** Steps with the given classes, the likeliest first. */
function steps(...listed: readonly (readonly (readonly [number, number])[])[]): CtcSteps {
  const width = Math.max(...listed.map((step) => step.length));
  const filled = listed.map((step) => [
    ...step,
    ...Array.from({ length: width - step.length }, () => [0, 0] as [number, number]),
  ]);
  return {
    steps: listed.length,
    width,
    labels: Int32Array.from(filled.flat(), ([label]) => label),
    scores: Float32Array.from(filled.flat(), ([, score]) => score),
  };
}

describe('CharacterModel', () => {
  it.each([
    ['as text', ARPA],
    ['packed', gzipSync(ARPA)],
  ])('reads an ARPA file %s, and backs off to shorter n-grams', async (_, file) => {
    const model = await modelOf(file);
    const first = model.after(model.begin, 'q');
    expect(model.likely(model.begin, 'q')).toBeCloseTo(-0.2 * Math.LN10);
    expect(model.likely(first, 'u')).toBeCloseTo(-0.01 * Math.LN10);
    expect(model.likely(first, 'i')).toBeCloseTo((-0.3 - 1) * Math.LN10);
    expect(model.likely(first, 'ж')).toBeLessThan(-15);
    expect(model.ends(model.after(first, 't'))).toBeCloseTo(-0.1 * Math.LN10);
    expect(model.ends(first)).toBeCloseTo((-0.3 - 1) * Math.LN10);
  });

  it('asks for small letters where it was made of them, and for a space', async () => {
    const model = await modelOf(ARPA);
    expect(model.likely(model.after(model.begin, 'Q'), 'U')).toBe(model.likely(model.after(model.begin, 'q'), 'u'));
    expect(model.likely(model.after(model.begin, ' '), 'q')).toBeCloseTo(-0.6 * Math.LN10);
  });

  it.each([
    ['nothing', ''],
    ['text', 'not a model'],
    ['words', '\\1-grams:\n-1.0\tword\n'],
    ['numbers that are none', '\\1-grams:\nmuch\ta\n'],
    ['a 2-gram of one', '\\2-grams:\n-1.0\ta\n'],
    ['a broken archive', gzipSync(ARPA).subarray(0, 60)],
  ])('refuses a file of %s', async (_, file) => {
    await expect(modelOf(file)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('is read once for all who have it, and anew when its file is another one', async () => {
    const path = inWorkspace('shared.arpa');
    await writeFile(path, ARPA);
    const [first, second] = await Promise.all([CharacterModel.open('a', path), CharacterModel.open('b', path)]);
    expect(second).toBe(first);
    expect(await CharacterModel.open('c', path)).toBe(first);
    await writeFile(path, ARPA.replace('-0.01\tq u', '-0.012\tq u'));
    const other = await CharacterModel.open('d', path);
    expect(other.likely(other.after(other.begin, 'q'), 'u')).toBeCloseTo(-0.012 * Math.LN10, 4);
  });

  it('says that a file is not there', async () => {
    await expect(CharacterModel.open('test', '/nowhere/language.arpa')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });
});

describe('beamCtc with a model of characters', () => {
  const alphabet = { characters: ['', 'q', 'u', 'v', 'i', 't'], blank: 0 };
  // What is seen: "qvit", where the v may be a u.
  const doubtful = steps(
    [[1, 0.99]],
    [
      [3, 0.5],
      [2, 0.45],
    ],
    [[4, 0.98]],
    [[5, 0.99]],
  );
  const sure = steps(
    [[1, 0.99]],
    [
      [3, 0.98],
      [2, 0.01],
    ],
    [[4, 0.98]],
    [[5, 0.99]],
  );

  it('reads what is likelier of what could be seen, and keeps to what is seen well', async () => {
    const prior = { model: await modelOf(ARPA), weight: 0.4, bonus: 1 };
    expect(beamCtc(doubtful, alphabet, { beam: 8 }).text).toBe('qvit');
    expect(beamCtc(doubtful, alphabet, { beam: 8, prior }).text).toBe('quit');
    expect(beamCtc(sure, alphabet, { beam: 8, prior }).text).toBe('qvit');
  });

  it('scores characters by what was seen, not by what was expected', async () => {
    const prior = { model: await modelOf(ARPA), weight: 0.4, bonus: 1 };
    const { characters } = beamCtc(doubtful, alphabet, { beam: 8, prior });
    expect(characters.map(({ score }) => Math.round(score * 100))).toEqual([99, 45, 98, 99]);
  });

  it('makes nothing of nothing', async () => {
    const prior = { model: await modelOf(ARPA), weight: 0.4, bonus: 1 };
    expect(beamCtc(steps([[0, 0.97]], [[0, 0.99]]), alphabet, { beam: 8, prior }).text).toBe('');
  });
});
