import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InferencePool } from '../../../../models/inference-pool.js';
import { embeddedFolder } from '../../../../models/model-source.js';
import { chooseTranslators } from '../../../../operators/text/translate/translator-choice.js';

const folder = embeddedFolder();
const haveBoth =
  folder !== undefined &&
  ['translate-west-en', 'translate-en-west'].every((id) => existsSync(join(folder, id, 'model.json')));

// Needs models/embedded/translate-west-en and translate-en-west.
describe.skipIf(!haveBoth)('the translators of the package', { timeout: 60_000 }, () => {
  const pool = new InferencePool({ workers: 1 });
  afterAll(() => pool.dispose());

  async function translated(text: string, from: string, to: string) {
    const choice = await chooseTranslators({ model: undefined, from: 'auto', to }, pool);
    expect(choice.from).toContain(from);
    await using translator = await choice.open(from);
    const [translation] = await translator.translate([text], { from, to });
    return translation;
  }

  it.each([
    ['Où est la gare ?', 'fr', 'en', /station/],
    ['¿Dónde está mi coche?', 'es', 'en', /where.*my car/i],
    ['Ich habe keinen Hunger.', 'de', 'en', /not hungry/],
    ['Where is my car?', 'en', 'fr', /voiture/],
    ['Where is my car?', 'en', 'es', /mi (coche|auto)/],
    ['I am not hungry.', 'en', 'de', /Hunger|hungrig/],
  ])('%s (%s) is in %s %s', async (text, from, to, expected) => {
    const translation = await translated(text, from, to);
    expect(translation?.text).toMatch(expected);
    expect(translation?.score).toBeGreaterThan(0.5);
  });

  it('go by way of English between two others', async () => {
    expect((await translated('Où est ma voiture ?', 'fr', 'de'))?.text).toMatch(/wo .*(auto|wagen)/i);
  });
});
