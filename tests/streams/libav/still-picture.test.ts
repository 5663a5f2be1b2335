import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { consumeFrames, type FrameProperties, unspecifiedColor, type VideoFrame } from '../../../pipeline/index.js';
import { openFile } from '../../../streams/file/open-file.js';
import { type KeyPicture, stillPicture } from '../../../streams/libav/still-picture.js';
import { LiveEncoder } from '../../../streams/live/outputs/live-encoder.js';
import { expectBalanced, testFrame } from '../../helpers/frames.js';
import { jpegSize } from '../../helpers/jpeg.js';
import { workspace } from '../../helpers/workspace.js';

/** A key frame of one colour, by its luma, Cb and Cr. */
async function keyOf(planes: readonly number[], changes: Partial<FrameProperties>, videoCodec = 'libx264') {
  let stream: KeyPicture['stream'] | undefined;
  let data: Uint8Array | undefined;
  const encoder = new LiveEncoder({
    videoCodec,
    frameRate: { num: 25, den: 1 },
    renditions: [{ bitrate: 2_000_000 }],
    onTrack: (_, track) => {
      stream = track.stream;
    },
    onPacket: (_, packet) => {
      data ??= packet.data;
    },
  });
  const frame = testFrame(0, changes);
  for (const plane of [0, 1, 2] as const) frame.plane(plane).fill(planes[plane] as number);
  await encoder.write(frame);
  frame.close();
  await encoder.finish();
  if (stream === undefined || data === undefined) throw new Error('nothing was encoded');
  return { stream, data };
}

const size = { width: 64, height: 48 };

describe('stillPicture', () => {
  const at = workspace();

  /** Luma, Cb and Cr in the middle of a JPEG, and its format. */
  async function middleOf(jpeg: Buffer) {
    await writeFile(at('still.jpg'), jpeg);
    const film = await openFile(at('still.jpg'));
    let found: { values: number[]; range: string } | undefined;
    const look = (frame: VideoFrame): void => {
      const values = ([0, 1, 2] as const).map((i) => {
        const { width, height } = frame.planes[i];
        return frame.plane(i)[(height >> 1) * width + (width >> 1)] as number;
      });
      found = { values, range: frame.color.range };
    };
    await consumeFrames(film.video, async ({ frame }) => look(frame));
    if (found === undefined) throw new Error('no picture');
    return found;
  }

  it('is a JPEG of the size of the picture, or with fewer rows', () =>
    expectBalanced(async () => {
      const key = await keyOf([100, 128, 128], size);
      expect(jpegSize(await stillPicture(key))).toEqual(size);
      expect(jpegSize(await stillPicture(key, 24))).toEqual({ width: 32, height: 24 });
      expect(jpegSize(await stillPicture(key, 15))).toEqual({ width: 20, height: 15 });
    }));

  it('is never larger than the picture', async () => {
    expect(jpegSize(await stillPicture(await keyOf([100, 128, 128], size), 1000))).toEqual(size);
  });

  it('has square pixels', async () => {
    const key = await keyOf([100, 128, 128], { ...size, sampleAspectRatio: { num: 2, den: 1 } });
    expect(jpegSize(await stillPicture(key))).toEqual({ width: 128, height: 48 });
  });

  it.each([
    ['white of limited range', [235, 128, 128], {}, [255, 128, 128]],
    ['black of limited range', [16, 128, 128], { range: 'tv' }, [0, 128, 128]],
    ['grey of full range', [200, 128, 128], { range: 'pc' }, [200, 128, 128]],
    ['red of BT.709', [63, 102, 240], { range: 'tv', matrix: 1 }, [76, 85, 255]],
    ['red of BT.601', [81, 90, 240], { range: 'tv', matrix: 6 }, [76, 85, 255]],
  ] as const)('shows %s as it is', async (_, planes, color, expected) => {
    const key = await keyOf(planes, { ...size, color: { ...unspecifiedColor, ...color } });
    const { values, range } = await middleOf(await stillPicture(key));
    expect(range).toBe('pc');
    for (const [i, value] of values.entries()) expect(Math.abs(value - (expected[i] as number))).toBeLessThan(5);
  });

  it('takes untagged pictures for BT.601 when they are small, and for BT.709 when they are large', async () => {
    const small = await middleOf(await stillPicture(await keyOf([81, 90, 240], size)));
    const large = await middleOf(await stillPicture(await keyOf([63, 102, 240], { width: 1280, height: 720 })));
    for (const [i, value] of small.values.entries())
      expect(Math.abs(value - (large.values[i] as number))).toBeLessThan(5);
  });

  it('decodes HEVC', async () => {
    expect(jpegSize(await stillPicture(await keyOf([100, 128, 128], size, 'libx265')))).toEqual(size);
  });

  it('says what is wrong', async () => {
    const key = await keyOf([100, 128, 128], size);
    for (const height of [0, -2, 1.5, Number.NaN]) {
      await expect(stillPicture(key, height)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
    const damaged = { ...key, data: new Uint8Array(40) };
    await expect(stillPicture(damaged)).rejects.toMatchObject({ code: 'DECODE_FAILED' });
  });
});
