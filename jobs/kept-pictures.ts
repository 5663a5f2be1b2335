import type { Graph } from '../pipeline/graph/graph.js';
import { containerOf } from '../streams/containers/containers.js';
import type { EncodingOptions } from '../streams/encoding.js';
import type { MediaEngine } from '../streams/engine.js';
import { canCopyVideo } from '../streams/file/copyable-video.js';
import type { FilmInfo, FilmRange } from '../streams/film.js';

/** What {@link keepsPictures} needs to know of a job. */
export interface KeptPicturesRequest extends EncodingOptions, FilmRange {
  readonly graph: Graph;
  readonly output?: string | undefined;
  readonly engine?: MediaEngine | undefined;
}

/**
 * True where packets of the video are copied although a graph looks at the pictures: it changes none, the whole film is written, nobody asked for an encoder, and the output can hold them.
 * Then they are read once, to make sure.
 *
 * @throws VitascopeError `INPUT_NOT_FOUND`, `INPUT_UNREADABLE`, `CONTAINER_UNKNOWN`
 */
export async function keepsPictures(request: KeptPicturesRequest, film: FilmInfo): Promise<boolean> {
  const { graph, output, fromUs = 0, toUs } = request;
  if (output === undefined || !changesNone(graph)) return false;
  // A range is cut to the frame, and packets are not.
  if (fromUs > 0 || toUs !== undefined || asksForEncoder(request)) return false;
  return await canCopyVideo(film, containerOf(output));
}

function changesNone({ nodes, video }: Graph): boolean {
  return video === 'process' && nodes.length > 0 && nodes.every(({ operator }) => operator.keepsPictures === true);
}

function asksForEncoder({ videoCodec, crf, preset, pixelFormat, options = {}, engine }: KeptPicturesRequest): boolean {
  const isChosen = [videoCodec, crf, preset, pixelFormat].some((wish) => wish !== undefined);
  return isChosen || Object.keys(options).length > 0 || (engine !== undefined && engine.name !== 'libav');
}
