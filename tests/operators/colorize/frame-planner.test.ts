import { describe, expect, it } from 'vitest';
import { type FramePlan, FramePlanner, type PlanSettings } from '../../../operators/colorize/frame-planner.js';
import { landscape, type PictureOptions, picture, stage, trueColors } from './pictures.js';

const settings: PlanSettings = { when: 'monochrome', every: 1, detail: 64 };

function plansFor(changes: Partial<PlanSettings>, pictures: readonly PictureOptions[]): (FramePlan | undefined)[] {
  const planner = new FramePlanner({ ...settings, ...changes });
  return pictures.map((options, index) => {
    const frame = picture(index, options);
    const plan = planner.plan(frame);
    frame.close();
    return plan;
  });
}

const predictions = (plans: (FramePlan | undefined)[]): (boolean | undefined)[] => plans.map((plan) => plan?.predict);

describe('FramePlanner', () => {
  it('plans a thumbnail of the picture and a prediction for every frame', () => {
    expect(plansFor({}, [{}])).toEqual([
      { box: { top: 0, left: 0, bottom: 96, right: 128 }, size: { width: 80, height: 64 }, predict: true },
    ]);
  });

  it('leaves film in colour alone, unless it is told not to', () => {
    expect(plansFor({}, [{ chroma: trueColors }])).toEqual([undefined]);
    expect(predictions(plansFor({ when: 'always' }, [{ chroma: trueColors }]))).toEqual([true]);
  });

  it('leaves a beginning in the dark alone', () => {
    expect(predictions(plansFor({}, [{ luma: () => 0 }, { luma: landscape }]))).toEqual([undefined, true]);
  });

  it('predicts on every n-th frame by number, and at cuts', () => {
    const pictures = [landscape, landscape, landscape, landscape, landscape, stage, stage, stage, stage];
    const plans = plansFor(
      { every: 4 },
      pictures.map((luma) => ({ luma })),
    );
    expect(predictions(plans)).toEqual([true, false, false, false, true, true, false, false, true]);
  });

  it('predicts with every: auto whenever the network is free, at the beginning and at cuts', () => {
    const planner = new FramePlanner({ ...settings, every: 'auto' });
    const looks = [landscape, landscape, landscape, landscape, stage, stage].map((luma, index) => {
      const frame = picture(index, { luma });
      const plan = planner.plan(frame, index === 2);
      frame.close();
      return plan?.predict;
    });
    expect(looks).toEqual([true, false, true, false, true, false]);
  });

  it('predicts once in every stretch of n numbers where numbers are missing', () => {
    const planner = new FramePlanner({ ...settings, every: 4 });
    const seen = [1, 3, 5, 7, 13, 14].map((index) => {
      const frame = picture(index);
      const plan = planner.plan(frame);
      frame.close();
      return plan?.predict;
    });
    expect(seen).toEqual([true, false, true, false, true, false]);
  });

  it('predicts on the first black-and-white frame after colour', () => {
    const plans = plansFor({ every: 8 }, [{ luma: stage }, { chroma: trueColors }, { luma: stage }]);
    expect(predictions(plans)).toEqual([true, undefined, true]);
  });
});
