import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startCli } from '../helpers/cli.js';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('vitascope', () => {
  it.each(['--version', '-V'])('tells its version by %s', async (option) => {
    const { code, stdout } = await startCli([option]);
    expect([code, stdout]).toEqual([0, `${version}\n`]);
  });

  it('lists its commands', async () => {
    const { code, stdout } = await startCli(['--help']);
    expect(code).toBe(0);
    for (const command of ['process', 'run', 'serve', 'search', 'doctor']) expect(stdout).toContain(`\n  ${command} `);
  });

  it('suggests the command that was probably meant', async () => {
    const { code, stderr } = await startCli(['proces']);
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean process?');
  });
});
