import { textRecord } from '../../operators/text/export/text-frame.js';
import { type TextsMeta, textsKey } from '../../operators/text/texts-meta.js';
import { attachedSize, type PictureSize, type VideoSample } from '../../pipeline/index.js';
import { plainMetadata } from '../plain-metadata.js';
import { toSource } from './source-places.js';

/**
 * What operators attached to a picture, as plain JSON with places in pixels of the source as it is shown; see {@link toSource}. The frame is borrowed.
 *
 * @param source Size of the source's pictures as they are decoded.
 * @param rotation Degrees clockwise by which the source is turned to be shown: 0, 90, 180 or 270.
 * @returns nothing when nothing is attached.
 */
export function sourceMetadata(
  { frame, meta }: VideoSample,
  source: PictureSize,
  rotation: number,
): Readonly<Record<string, unknown>> | undefined {
  const plain = plainMetadata(meta);
  if (plain === undefined) return undefined;
  const entries = Object.entries(plain).map(([key, value]) => {
    const attached = attachedSize((meta as Readonly<Record<string, unknown>>)[key]) ?? frame;
    const found = key === textsKey ? (value as TextsMeta[typeof textsKey]).map(textRecord) : value;
    return [key, toSource(found, { attached, source, rotation })];
  });
  return Object.fromEntries(entries) as Readonly<Record<string, unknown>>;
}
