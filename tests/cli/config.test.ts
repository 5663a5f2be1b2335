import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

describe('vitascope config', () => {
  const path = workspace();

  it('prints a file of defaults that it finds valid', async () => {
    const { stdout, code } = await startCli(['config', 'defaults']);
    expect(code).toBe(0);
    await writeFile(path('v.yaml'), stdout);
    const checked = await startCli(['config', 'check', path('v.yaml')]);
    expect(checked).toMatchObject({ code: 0, stdout: `${path('v.yaml')}: valid (1 routes, 0 sources)\n` });
  });

  it('says where a file is wrong, and ends with 2', async () => {
    await writeFile(path('v.yaml'), 'rtmp:\n  prot: 1\n');
    const { code, stderr } = await startCli(['config', 'check', path('v.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain('v.yaml:2:3: rtmp.prot: unknown key; did you mean "port"? [CONFIG_INVALID]');
  });

  it('checks graphs and their options', async () => {
    await writeFile(path('v.yaml'), 'routes: [{ path: live/*, graph: colorise }]');
    expect((await startCli(['config', 'check', path('v.yaml')])).stderr).toContain('did you mean "colorize"?');
  });

  it('shows no secrets', async () => {
    await writeFile(path('v.yaml'), 'routes: [{ path: live/*, publish: { key: SECRET } }]');
    const { stdout } = await startCli(['config', 'show', path('v.yaml'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ rtmp: { port: 1935 }, routes: [{ publish: { key: '***' } }] });
    expect(stdout).not.toContain('SECRET');
  });
});
