import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { palInterlacedClip, phoneClip, richFilm } from '../fixtures/media.js';
import { startCli } from '../helpers/cli.js';
import { workspace } from '../helpers/workspace.js';

describe('vitascope probe', () => {
  it('says in words what is in a film', async () => {
    const { stdout } = await startCli(['probe', await richFilm()]);
    expect(stdout).toContain('Matroska');
    expect(stdout).toContain('Title: The Harbour');
    expect(stdout).toMatch(/Audio \(track 2\): opus.*fra, “Commentaire”, comment/);
    expect(stdout).toContain('3 chapters');
    expect(stdout).toContain('0:01–0:03  Über die Brücke – 橋');
  });

  it('names fields, pixel shape, rotation and uneven timing', async () => {
    expect((await startCli(['probe', await palInterlacedClip()])).stdout).toMatch(
      /pixels 16:11.*interlaced \(top field first\)/,
    );
    expect((await startCli(['probe', await phoneClip()])).stdout).toMatch(/variable\).*shown turned \d+° clockwise/);
  });

  it('prints JSON for programs', async () => {
    const { stdout } = await startCli(['probe', await richFilm(), '--json']);
    const info = JSON.parse(stdout);
    expect(info.chapters).toHaveLength(3);
    expect(info.tracks.map((t: { kind: string }) => t.kind)).toEqual([
      'video',
      'audio',
      'audio',
      'subtitle',
      'subtitle',
      'attachment',
    ]);
  });
});

describe('vitascope graphs', () => {
  const path = workspace();

  it('lists graphs and operators', async () => {
    const { stdout } = await startCli(['graphs', 'list']);
    for (const name of ['copy', 'transcode', 'colorize', 'restore', 'deinterlace', 'ffmpeg'])
      expect(stdout).toContain(`  ${name} `);
  });

  it('shows a graph as text and as a diagram', async () => {
    expect((await startCli(['graphs', 'show', 'restore'])).stdout).toMatch(
      /source\n→ deinterlace.*\n→ foley.*\n→ colorize.*\n→ output/,
    );
    const { stdout } = await startCli(['graphs', 'show', 'restore', '--mermaid', '--set', 'colorize.strength=0.5']);
    expect(stdout).toContain('flowchart LR');
    expect(stdout).toContain('strength: 0.5');
  });

  it('validates a file and points at the line of a mistake', async () => {
    await writeFile(path('good.yaml'), 'name: good\nchain: [deinterlace]\n');
    await writeFile(path('bad.yaml'), 'name: bad\nnodes:\n  colour:\n    use: colorise\n');
    expect(await startCli(['graphs', 'validate', path('good.yaml')])).toMatchObject({ code: 0 });
    const { code, stderr } = await startCli(['graphs', 'validate', path('bad.yaml')]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/bad\.yaml:4:\d+: .*did you mean "colorize"/)]);
  });
});
