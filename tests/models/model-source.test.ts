import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { embeddedModelPath, verifyModelFile } from '../../models/model-source.js';
import { failure, fixture } from './helpers.js';

const embedded = fileURLToPath(new URL('../../models/embedded/', import.meta.url));

describe('embeddedModelPath', () => {
  it('finds every file of every embedded model', () => {
    for (const id of readdirSync(embedded)) {
      for (const file of readdirSync(`${embedded}${id}`)) {
        expect(embeddedModelPath(id, file)).toBe(`${embedded}${id}/${file}`);
      }
    }
  });

  it.each(['no-such-model', '../training', ''])('has no model "%s"', (id) => {
    expect(() => embeddedModelPath(id)).toThrow(`the package has no file "model.onnx" of model "${id}"`);
  });

  it('does not leave the folder of the model', () => {
    expect(() => embeddedModelPath('colorize-small', '../../model-source.ts')).toThrow('the package has no file');
  });
});

describe('verifyModelFile', () => {
  const source = fixture('double');
  const sha256 = createHash('sha256').update(readFileSync(source.path)).digest('hex');

  it('accepts the digest of the file in either case', async () => {
    await verifyModelFile({ ...source, sha256 });
    await verifyModelFile({ ...source, sha256: sha256.toUpperCase() });
  });

  it('refuses another digest', async () => {
    const error = await failure(verifyModelFile({ ...source, sha256: '00' }));
    expect(error).toMatchObject({ code: 'MODEL_INVALID', context: { expected: '00', actual: sha256 } });
  });

  it('refuses a missing file and a folder', async () => {
    expect(await failure(verifyModelFile(fixture('none')))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await failure(verifyModelFile({ id: 'folder', path: embedded }))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});
