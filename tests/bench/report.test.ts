import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type Section, writeSection } from '../../bench/speed/report.js';
import { workspace } from '../helpers/workspace.js';

const section: Section = {
  name: 'transcode',
  title: 'Transcode',
  circumstances: 'commit abc, two cores',
  rows: [
    { measured: 'frame rate', ours: '9 fps', reference: '10 fps', ratio: '0.90', goal: 'at least 0.85', met: true },
    { measured: 'CPU time', ours: '2 s', reference: '1 s', ratio: '2.00', goal: '' },
  ],
  notes: ['`ffmpeg …`'],
};

describe('writeSection', () => {
  const path = workspace();

  it('replaces what stands between the markers of its section, and nothing else', async () => {
    const file = path('performance.md');
    await writeFile(file, '# Performance\n<!-- bench:transcode -->\nold\n<!-- /bench:transcode -->\nrest\n');
    await writeSection(file, section);
    await writeSection(file, section);
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^# Performance\n<!-- bench:transcode -->\n### Transcode\n/);
    expect(text).toContain('| frame rate | 9 fps | 10 fps | 0.90 | at least 0.85 | met |');
    expect(text).toMatch(/- `ffmpeg …`\n<!-- \/bench:transcode -->\nrest\n$/);
    expect(text).not.toContain('old');
    expect(text.match(/### Transcode/g)).toHaveLength(1);
  });

  it('refuses a file without its markers', async () => {
    const file = path('other.md');
    await writeFile(file, '# Other\n');
    await expect(writeSection(file, section)).rejects.toThrow(/no markers <!-- bench:transcode -->/);
  });
});
