import type { ImpactCue } from '../../../operators/foley/cues.js';
import { foley } from '../../../operators/foley/see/foley.js';
import { consumeFrames } from '../../../pipeline/index.js';
import { openFile } from '../../../streams/file/open-file.js';
import type { FoleySettings } from './section.js';

/** More than the operator holds. */
const SLOTS = 24;

/** The impacts that the operator sees in a film, by time; the film is read at its own frame rate. */
export async function watchClip(
  path: string,
  { model, sensitivity }: Pick<FoleySettings, 'model' | 'sensitivity'>,
): Promise<readonly ImpactCue[]> {
  const film = await openFile(path, { slots: SLOTS });
  const impacts: ImpactCue[] = [];
  const watched = film.video.pipe(foley({ model, when: 'always', ...(sensitivity !== undefined && { sensitivity }) }));
  await consumeFrames(watched, async ({ meta }) => {
    for (const cue of meta.sounds ?? []) if (cue.kind === 'impact') impacts.push(cue);
  });
  return impacts.sort((a, b) => a.atUs - b.atUs);
}
