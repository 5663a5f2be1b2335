import type { VideoFrame } from '../../../pipeline/index.js';
import type { LumaGrid } from '../../shot-change/luma-grid.js';
import type { TextQuad } from '../texts-meta.js';
import type { FollowedLine } from './followed-line.js';
import type { LineAsRead, LineFollower, LookPlan } from './line-follower.js';
import type { LumaPicture } from './luma-picture.js';
import type { TextModel, Timed } from './text-model.js';
import { isTitleCard } from './title-card.js';

/** What a look is taken at. Everything is borrowed until it is done. */
export interface LookTarget {
  readonly frame: VideoFrame;
  readonly grid: LumaGrid;
  readonly picture: LumaPicture;
  /** What was found already. */
  readonly found: Timed<readonly TextQuad[]> | undefined;
}

/** A look that is done. */
export interface TextLook {
  readonly picture: LumaPicture;
  /** Where lines were in the picture. */
  readonly places: ReadonlyMap<FollowedLine, TextQuad>;
  readonly plan: LookPlan;
  readonly read: readonly LineAsRead[];
  /** What there is, is a card of text. */
  readonly isCard: boolean;
  readonly modelMs: number;
}

/** Finds text in a frame, tells what of it is followed already, and reads what is worth it. */
export async function lookAtText(
  { frame, grid, picture, found: given }: LookTarget,
  model: TextModel,
  follower: LineFollower,
  signal: AbortSignal,
): Promise<TextLook> {
  const places = follower.places();
  const found = given ?? (await model.detect(frame, signal));
  const plan = follower.plan(found.result, places, frame.ptsUs);
  const read = await model.read(frame, plan.toRead, signal);
  const isCard = isTitleCard(grid, found.result, frame);
  return { picture, places, plan, read: read.result, isCard, modelMs: found.modelMs + read.modelMs };
}

/** Takes a look in, perhaps at a later picture. @returns the lines that appeared with it. */
export function takeLook(
  { plan, read, places, picture, isCard }: TextLook,
  follower: LineFollower,
  current: LumaPicture,
): readonly FollowedLine[] {
  const appeared = follower.take(plan, read, places, picture, current);
  const found = new Set([...plan.matched.map(({ line }) => line), ...appeared]);
  for (const line of follower.lines) if (found.has(line)) line.isCard = isCard;
  return appeared;
}
