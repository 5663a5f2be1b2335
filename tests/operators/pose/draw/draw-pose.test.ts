import { map, type Observable, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type DrawPoseOptions, drawPose, drawPoseDefinition } from '../../../../operators/pose/draw/draw-pose.js';
import type { PoseMeta, TrackedPose } from '../../../../operators/pose/pose-meta.js';
import { shownPoses } from '../../../../operators/pose/shown-poses.js';
import { pixelFormats } from '../../../../pipeline/picture.js';
import { attach, type VideoSample } from '../../../../pipeline/sample.js';
import type { FrameProperties, VideoFrame } from '../../../../pipeline/video-frame.js';
import { itKeepsTheFrameOperatorLaws } from '../../../helpers/frame-operator-laws.js';
import { expectBalanced, FRAME_US, testFrame, testPool } from '../../../helpers/frames.js';
import { codeAt, personIn } from './people.js';

const withPeople =
  (...poses: readonly TrackedPose[]) =>
  (source: Observable<VideoSample>): Observable<VideoSample<PoseMeta>> =>
    source.pipe(map((sample) => attach(sample, { poses })));

function gray(changes: Partial<FrameProperties> = {}, index = 0): VideoFrame {
  const frame = testFrame(index, { width: 160, height: 120, ...changes });
  const unit = 2 ** (frame.bitDepth - 8);
  frame.plane(0).fill(100 * unit);
  frame.plane(1).fill(128 * unit);
  frame.plane(2).fill(128 * unit);
  return frame;
}

/** Draws into frames in order, and shows each. */
async function drawn(
  options: DrawPoseOptions,
  samples: readonly VideoSample<PoseMeta>[],
  look: (frame: VideoFrame, index: number) => void,
): Promise<void> {
  let seen = 0;
  await new Promise<void>((resolve, reject) => {
    of(...samples)
      .pipe(drawPose(options))
      .subscribe({
        next: ({ frame }) => {
          try {
            look(frame, seen++);
          } catch (error) {
            reject(error);
          }
          frame.close();
        },
        error: reject,
        complete: resolve,
      });
  });
  expect(seen).toBe(samples.length);
}

const isWarm = (frame: VideoFrame, x: number, y: number): boolean =>
  codeAt(frame, 2, x, y) > 150 && codeAt(frame, 1, x, y) < 115;
const isCool = (frame: VideoFrame, x: number, y: number): boolean =>
  codeAt(frame, 1, x, y) > 150 && codeAt(frame, 2, x, y) < 115;

describe('drawPose', () => {
  itKeepsTheFrameOperatorLaws({
    apply: (source) => source.pipe(withPeople(personIn([0, 0, 6])), drawPose({ style: 'trails' })),
    synchronous: false,
  });

  it('draws limbs of the left in orange, of the right in blue', () =>
    expectBalanced(async () => {
      const poses = [personIn([30, 10, 100])];
      await drawn({ lineWidth: 4 }, [{ frame: gray(), meta: { poses } }], (frame) => {
        // Lower arms: the person's left is at the right of the picture.
        expect(isWarm(frame, 30 + 91, 35)).toBe(true);
        expect(isCool(frame, 30 + 9, 35)).toBe(true);
        expect(isWarm(frame, 30 + 60, 10 + 90)).toBe(true);
        expect(isCool(frame, 30 + 40, 10 + 90)).toBe(true);
      });
    }));

  it('touches only what lies under lines: rows and columns around the person stay bit for bit', () =>
    expectBalanced(async () => {
      const poses = [personIn([60, 50, 40])];
      await drawn({ labels: false }, [{ frame: gray(), meta: { poses } }], (frame) => {
        for (let y = 0; y < 120; y++) {
          for (let x = 0; x < 160; x++) {
            if (x >= 56 && x < 104 && y >= 46 && y < 94) continue;
            expect(codeAt(frame, 0, x, y)).toBe(100);
          }
        }
        expect(codeAt(frame, 0, 80, 94)).toBe(100);
        expect(codeAt(frame, 1, 40, 60)).toBe(128);
      });
    }));

  it('draws unsure points faintly, and those below the least score not at all', () =>
    expectBalanced(async () => {
      const change: number[] = [];
      for (const pointScore of [0.1, 0.25, 0.35, 0.9]) {
        const poses = [personIn([30, 10, 100], { pointScore })];
        await drawn({ labels: false }, [{ frame: gray(), meta: { poses } }], (frame) => {
          change.push(Math.abs(codeAt(frame, 2, 121, 35) - 128));
        });
      }
      expect(change[0]).toBe(0);
      expect(change[1]).toBeGreaterThan(0);
      expect(change[2]).toBeGreaterThan(change[1] as number);
      expect(change[3]).toBeGreaterThan(change[2] as number);
    }));

  it('writes the number of a person above the head, when asked to', () =>
    expectBalanced(async () => {
      const poses = [personIn([30, 20, 90], { id: 12 })];
      const changed: number[] = [];
      for (const labels of [true, false]) {
        await drawn({ labels }, [{ frame: gray(), meta: { poses } }], (frame) => {
          const above = frame.plane(0).subarray(0, 160 * 22);
          changed.push(above.filter((code) => code !== 100).length);
        });
      }
      expect(changed[0]).toBeGreaterThan(60);
      expect(changed[1]).toBe(0);
    }));

  it('keeps the label of a person at the upper edge inside the picture', () =>
    expectBalanced(async () => {
      await drawn({}, [{ frame: gray(), meta: { poses: [personIn([30, -30, 90])] } }], (frame) => {
        expect(
          frame
            .plane(0)
            .subarray(160, 160 * 13)
            .some((code) => code !== 100),
        ).toBe(true);
        expect(
          frame
            .plane(0)
            .subarray(0, 160)
            .filter((code, x) => code !== 100 && Math.abs(x - 75) > 40),
        ).toHaveLength(0);
      });
    }));

  it('leaves everything but skeletons black, also where there is nobody', () =>
    expectBalanced(async () => {
      const people = { frame: gray(), meta: { poses: [personIn([30, 10, 100])] } };
      const nobody = { frame: gray({}, 1), meta: { poses: [] } };
      await drawn({ style: 'stick-on-black' }, [people, nobody], (frame, index) => {
        expect([codeAt(frame, 0, 3, 3), codeAt(frame, 1, 3, 3), codeAt(frame, 2, 3, 3)]).toEqual([16, 128, 128]);
        expect(frame.plane(0).some((code) => code > 60)).toBe(index === 0);
      });
    }));

  it('draws where hands have been, and forgets it after the time of a trail', () =>
    expectBalanced(async () => {
      const at = (index: number, x: number, ptsUs = index * FRAME_US): VideoSample<PoseMeta> => ({
        frame: gray({ ptsUs }, index),
        meta: { poses: [personIn([x, 10, 60])] },
      });
      const wristY = 10 + 0.25 * 60;
      const trail: boolean[] = [];
      const samples = [at(0, 5), at(1, 45), at(2, 85), at(3, 85, 380_000), at(4, 85, 800_000)];
      await drawn({ style: 'trails', labels: false, trailMs: 500 }, samples, (frame) => {
        trail.push(codeAt(frame, 0, 20, wristY) !== 100);
      });
      // In the first frame an arm lies there; later only its trail.
      expect(trail).toEqual([true, true, true, true, false]);
    }));

  it('makes a head unrecognisable and leaves the rest of the person alone', () =>
    expectBalanced(async () => {
      const checkered = gray();
      const luma = checkered.plane(0);
      for (let i = 0; i < luma.length; i++) luma[i] = (i + Math.floor(i / 160)) % 2 === 0 ? 60 : 180;
      const poses = [personIn([30, 10, 100], { score: 0.01 })];
      await drawn({ style: 'privacy-blur' }, [{ frame: checkered, meta: { poses } }], (frame) => {
        for (const [x, y] of [
          [80, 20],
          [76, 17],
          [84, 17],
          [88, 19],
          [72, 19],
        ] as const) {
          expect(codeAt(frame, 0, x, y)).toBe(120);
        }
        expect([60, 180]).toContain(codeAt(frame, 0, 80, 80));
      });
    }));

  it('hides the whole person when asked to, or where nothing says where the head is', () =>
    expectBalanced(async () => {
      for (const [cover, pointScore] of [
        ['person', 0.9],
        ['head', 0],
      ] as const) {
        const checkered = gray();
        const luma = checkered.plane(0);
        for (let i = 0; i < luma.length; i++) luma[i] = (i + Math.floor(i / 160)) % 2 === 0 ? 60 : 180;
        const poses = [personIn([30, 10, 100], { pointScore })];
        await drawn({ style: 'privacy-blur', cover }, [{ frame: checkered, meta: { poses } }], (frame) => {
          for (const [x, y] of [
            [31, 11],
            [129, 109],
            [80, 60],
          ] as const)
            expect(codeAt(frame, 0, x, y)).toBe(120);
        });
      }
    }));

  it('passes a frame without people as it is, and paints a copy of one that others hold', () =>
    expectBalanced(async () => {
      const pool = testPool(2);
      const empty = gray();
      const shared = gray({}, 1).retain();
      const poses = [personIn([30, 10, 100])];
      const samples = [
        { frame: empty, meta: { poses: [] } },
        { frame: shared, meta: { poses } },
      ];
      await drawn({}, samples, (frame, index) => {
        if (index === 0) expect(frame).toBe(empty);
        else expect(frame).not.toBe(shared);
      });
      expect(shared.plane(0).every((code) => code === 100)).toBe(true);
      shared.close();
      expect(pool.inUse).toBe(0);
    }));

  const sizes = [
    [16, 16],
    [1, 1],
    [17, 9],
    [161, 121],
  ] as const;
  it.each(pixelFormats.flatMap((pixelFormat) => sizes.map(([width, height]) => [pixelFormat, width, height] as const)))(
    'draws every style into %s of %i×%i, people cut by the border, tiny and huge',
    (pixelFormat, width, height) =>
      expectBalanced(async () => {
        const poses = [
          personIn([-width / 2, -height / 2, height]),
          personIn([2, 2, 3], { id: 2 }),
          personIn([-5000, -5000, 10_000], { id: 123_456 }),
          personIn([Number.NaN, 0, 5], { id: 4 }),
        ];
        for (const style of ['skeleton', 'trails', 'privacy-blur', 'stick-on-black'] as const) {
          const frame = gray({ pixelFormat, width, height });
          const top = 2 ** frame.bitDepth;
          await drawn({ style }, [{ frame, meta: { poses } }], (painted) => {
            expect(painted.plane(0).every((code) => code < top)).toBe(true);
          });
        }
      }),
  );

  it('refuses a style that there is not', () => {
    expect(() => drawPose({ style: 'cubist' as 'skeleton' })).toThrowError(/draw-pose: style/);
  });

  it('needs poses in a graph, and remembers as long as its trails', () => {
    expect(drawPoseDefinition.requires).toEqual(['poses']);
    const settings = {
      style: 'trails',
      trailMs: 1000,
      labels: true,
      lineWidth: 1,
      minScore: 0.2,
      cover: 'head',
    } as const;
    expect(drawPoseDefinition.warmupFrames(settings)).toBe(60);
    expect(drawPoseDefinition.warmupFrames({ ...settings, style: 'skeleton' })).toBe(0);
  });
});

describe('a picture that was scaled after people were found', () => {
  it('has them drawn where they are', async () => {
    const person = personIn([20, 10, 80]);
    const small = attach({ frame: gray(), meta: {} }, { poses: [person] });
    const large = { frame: gray({ width: 320, height: 240 }), meta: small.meta };
    small.frame.close();
    const far = personIn([40, 20, 160]);
    let scaled: number[] = [];
    await drawn({ labels: false }, [large], (frame) => {
      scaled = [...frame.plane(0)];
    });
    await drawn(
      { labels: false },
      [attach({ frame: gray({ width: 320, height: 240 }), meta: {} }, { poses: [far] })],
      (frame) => expect([...frame.plane(0)]).toEqual(scaled),
    );
    expect(scaled.some((code) => code !== 100)).toBe(true);
  });
});

describe('a picture that is shown turned', () => {
  const SIDE = 160;
  const upright = personIn([30, 50, 90]);

  /** Luma of the drawn picture as viewers see it. */
  async function shown(rotation: number, pose: TrackedPose): Promise<number[]> {
    let seen: number[] = [];
    await drawn(
      {},
      [attach({ frame: gray({ width: SIDE, height: SIDE, rotation }), meta: {} }, { poses: [pose] })],
      (frame) => {
        const luma = frame.plane(0);
        const at = { 0: 0, 90: 1, 180: 2, 270: 3 }[rotation] ?? 0;
        seen = Array.from({ length: SIDE * SIDE }, (_, i) => {
          let [x, y] = [i % SIDE, Math.floor(i / SIDE)];
          for (let turn = 0; turn < at; turn++) [x, y] = [y, SIDE - 1 - x];
          return luma[y * SIDE + x] ?? 0;
        });
      },
    );
    return seen;
  }

  it.each([90, 180, 270])('by %i degrees has numbers upright above heads', async (rotation) => {
    const stored = shownPoses([upright], { width: SIDE, height: SIDE }, 360 - rotation).poses[0] ?? upright;
    const [turned, straight] = [await shown(rotation, stored), await shown(0, upright)];
    expect(straight.some((code) => code !== 100)).toBe(true);
    expect(Math.max(...turned.map((code, i) => Math.abs(code - (straight[i] ?? 0))))).toBeLessThanOrEqual(1);
  });
});
