import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { loadGraph } from '../../../config/load-graph.js';
import { ledger } from '../../../pipeline/index.js';
import { openJob, processFilm, type QuickJob } from '../../helpers/jobs.js';
import { soundFilm } from '../../helpers/sound-films.js';
import { workspace } from '../../helpers/workspace.js';

describe("a bank of the user's that cannot be read", () => {
  const path = workspace();

  async function jobWith(options: object, input: string): Promise<QuickJob> {
    const graph = (await loadGraph('foley')).withOptions('foley', { bank: path('bank'), ...options });
    return { input, output: path('out.mkv'), graph };
  }

  async function writeBank(text: string): Promise<void> {
    await mkdir(path('bank'));
    await writeFile(path('bank/sounds.json'), text);
  }

  it.each([
    ['is not there', undefined, 'INPUT_NOT_FOUND', 'needs a list'],
    ['has a broken list', '{"sounds": [', 'OPTION_INVALID', 'is not JSON'],
    [
      'lists a file that is not there',
      '{"sounds": [{"file": "knock.wav", "action": "strike", "material": "wood"}]}',
      'INPUT_NOT_FOUND',
      'knock.wav',
    ],
  ])('is told of before a film is begun: it %s', async (_, list, code, words) => {
    if (list !== undefined) await writeBank(list);
    const before = await readdir(path('.'));
    const open = ledger.balance;

    await expect(openJob(await jobWith({}, await soundFilm({})))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect(await readdir(path('.'))).toEqual(before);
    expect(ledger.balance).toBe(open);
  });

  it('stops no film that gets no sound', async () => {
    await writeBank('{"sounds": [');
    const hum = await soundFilm({ sounds: [{ source: 'sine=frequency=440' }] });

    expect(await processFilm(await jobWith({}, hum))).toMatchObject({ sound: { made: false, why: 'has-sound' } });
  });
});
