import { describe, expect, it } from 'vitest';
import { openFile } from '../../../streams/file/open-file.js';
import { timeOrigin } from '../../../streams/file/video-frames.js';
import { writeFile } from '../../../streams/file/write-file.js';
import { type LookedStream, look } from '../../fixtures/look.js';
import { h264Clip, palInterlacedClip, phoneClip, richFilm } from '../../fixtures/media.js';
import { workspace } from '../../helpers/workspace.js';

const films = [
  ['mp4', () => h264Clip({ audio: true })],
  ['mkv', () => h264Clip({ container: 'mkv', audio: true })],
  ['ts', () => h264Clip({ container: 'ts', audio: true })],
  ['uneven mp4', phoneClip],
  ['interlaced ts', () => palInterlacedClip('ts')],
  ['program stream, which does not seek exactly', () => palInterlacedClip('mpg')],
  ['film with many tracks', richFilm],
] as const;

const of = (streams: readonly LookedStream[], kind: string): LookedStream =>
  streams.find((s) => s.kind === kind) as LookedStream;

describe('copying a part of a film without decoding it', () => {
  const path = workspace();

  describe.each(films)('%s', (_, fixture) => {
    it.each([
      [300_000, 800_000],
      [500_000, 1_000_000],
      [700_000, 900_000],
    ])('from %i to %i µs keeps every picture and sound of the part', async (fromUs, toUs) => {
      const input = await fixture();
      const film = await openFile(input, { fromUs, toUs });
      await writeFile(path('out.mkv'), film);

      const origin = timeOrigin(film.info);
      const [before, after] = [look(input).streams, look(path('out.mkv')).streams];
      const within = (timeUs: number): boolean => timeUs - origin >= fromUs && timeUs - origin < toUs;
      const pictures = of(before, 'video').frames.filter((f) => within(f.timeUs));
      const copied = of(after, 'video').frames;
      const at = copied.findIndex((f) => f.luma.equals(pictures[0]?.luma as Buffer));
      expect(at).toBeGreaterThanOrEqual(0);
      expect(pictures.every((f, i) => copied[at + i]?.luma.equals(f.luma))).toBe(true);
      expect(of(after, 'video').decodeErrors).toBe(0);
      const sounds = of(before, 'audio').packets.filter((p) => within(p.ptsUs));
      // AAC loses its ADTS headers on the way from a transport stream to Matroska: sounds are told by their times.
      const heard = of(after, 'audio').packets;
      expect(heard).toHaveLength(sounds.length);
      const drift = heard.map((p, i) => p.ptsUs - (sounds[i]?.ptsUs ?? 0));
      expect(Math.max(...drift) - Math.min(...drift)).toBeLessThanOrEqual(2000);
    });

    it('begins at the last key frame before the part, and keeps sound in step', async () => {
      const input = await fixture();
      const film = await openFile(input, { fromUs: 700_000, toUs: 900_000 });
      await writeFile(path('out.mkv'), film);

      const origin = timeOrigin(film.info);
      const [before, after] = [look(input).streams, look(path('out.mkv')).streams];
      const [picture] = of(before, 'video').frames.filter((f) => f.timeUs - origin >= 700_000);
      const [sound] = of(before, 'audio').packets.filter((p) => p.ptsUs - origin >= 700_000);
      const shown = of(after, 'video').frames.find((f) => f.luma.equals(picture?.luma as Buffer));
      const heard = of(after, 'audio').packets[0];
      const apartBefore = (picture?.timeUs ?? 0) - (sound?.ptsUs ?? 0);
      expect(Math.abs((shown?.timeUs ?? 0) - (heard?.ptsUs ?? 0) - apartBefore)).toBeLessThanOrEqual(2000);
      expect(shown?.timeUs).toBeLessThan(1_100_000);
    });
  });

  it('copies a program stream, whose packets leave times out', async () => {
    const input = await palInterlacedClip('mpg');
    await writeFile(path('out.mkv'), await openFile(input));

    expect(of(look(path('out.mkv')).streams, 'video').frames).toHaveLength(25);
  });
});
