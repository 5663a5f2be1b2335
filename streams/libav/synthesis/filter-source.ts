import { FilterGraph, Frame } from 'node-av/lib';
import { avCheck, isAgain, isEnd } from '../av.js';

/**
 * Frames from a closed FFmpeg filter graph, one that begins in source filters: `testsrc2=size=320x240:rate=25,format=yuv420p`.
 * The chain must have one open output. The same frame object is yielded each time: it is valid until the next one is asked for.
 *
 * @throws VitascopeError `FILTER_INVALID` when the graph does not parse or a filter fails
 */
export function* filterFrames(chain: string, media: 'video' | 'audio', limit: number): Generator<Frame> {
  const sinkName = media === 'video' ? 'buffersink@out' : 'abuffersink@out';
  using graph = new FilterGraph();
  graph.alloc();
  avCheck(graph.parsePtr(`${chain},${sinkName}`), 'FILTER_INVALID', `filterFrames "${chain}"`);
  avCheck(graph.configSync(), 'FILTER_INVALID', `filterFrames "${chain}"`);
  const sink = graph.getFilter(sinkName);
  using frame = new Frame();
  frame.alloc();
  for (let i = 0; sink !== null && i < limit; i++) {
    const result = sink.buffersinkGetFrameSync(frame);
    if (isEnd(result) || isAgain(result)) return;
    avCheck(result, 'FILTER_INVALID', `filterFrames "${chain}"`);
    frame.timeBase = sink.buffersinkGetTimeBase();
    yield frame;
    frame.unref();
  }
}
