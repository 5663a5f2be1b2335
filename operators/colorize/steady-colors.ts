import type { FrameTransform } from '../../pipeline/index.js';
import type { ColorModel } from './color-model.js';
import type { FrameColors } from './frame-colors.js';
import { type PictureBox, sameBox } from './picture-box.js';
import type { ColorWork, StagedSample } from './predict-frame.js';

/** Second stage, strictly in order: steadies the colours over time, and carries them to frames that have no prediction. */
export class SteadyColors implements FrameTransform<StagedSample, StagedSample> {
  readonly #model: ColorModel;
  readonly #temporal: number;
  #previous: { readonly colors: FrameColors; readonly box: PictureBox } | undefined;

  /** @param temporal 0–1: share of the carried colours where a prediction is there as well. */
  constructor(model: ColorModel, temporal: number) {
    this.#model = model;
    this.#temporal = temporal;
  }

  async transform(sample: StagedSample, emit: (sample: StagedSample) => void, signal: AbortSignal): Promise<void> {
    if (sample.work === undefined) {
      this.#remember(undefined);
      emit(sample);
      return;
    }
    try {
      const ms = await this.#steady(sample.work, signal);
      emit({ ...sample, work: { ...sample.work, paint: 'steady' }, modelMs: sample.modelMs + ms });
    } catch (error) {
      sample.frame.close();
      throw error;
    }
  }

  dispose(): void {
    this.#remember(undefined);
  }

  async #steady({ plan, colors }: ColorWork, signal: AbortSignal): Promise<number> {
    const previous = this.#comparable(plan.box, colors);
    let ms = 0;
    let missing = !plan.predict;
    if (missing && previous !== undefined) {
      const carried = await this.#blend(colors, previous, false, signal);
      ms += carried.ms;
      missing = carried.cut;
    }
    if (missing) ms += await this.#model.predict(colors, signal);
    if (missing || plan.predict) ms += (await this.#blend(colors, previous, true, signal)).ms;
    this.#remember({ colors: colors.retain(), box: plan.box });
    return ms;
  }

  #blend(colors: FrameColors, previous: FrameColors | undefined, hasPrediction: boolean, signal: AbortSignal) {
    return this.#model.steady(colors, { previous, hasPrediction, temporal: this.#temporal }, signal);
  }

  /** The colours of the frame before, if they belong to the same part of a picture of the same size. */
  #comparable(box: PictureBox, { size }: FrameColors): FrameColors | undefined {
    if (this.#previous === undefined || !sameBox(this.#previous.box, box)) return undefined;
    const { colors } = this.#previous;
    return colors.size.width === size.width && colors.size.height === size.height ? colors : undefined;
  }

  #remember(next: { readonly colors: FrameColors; readonly box: PictureBox } | undefined): void {
    this.#previous?.colors.release();
    this.#previous = next;
  }
}
