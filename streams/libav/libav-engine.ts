import type { MediaEngine } from '../engine.js';
import { describeParameters } from './encoded-stream.js';
import { VideoEncoder } from './video-encoder.js';
import { VideoReader } from './video-reader.js';

/** The bundled FFmpeg, in this process. */
export const libavEngine: MediaEngine = {
  name: 'libav',
  openReader: ({ path, startUs, sequenceRate, report }) => VideoReader.open(path, { startUs, sequenceRate, report }),
  openEncoder: async (options, input, onPacket) => {
    const encoder = await VideoEncoder.open(options, input, onPacket);
    const parameters = encoder.parameters();
    const stream = describeParameters(parameters, input.fieldOrder);
    parameters.free();
    return {
      write: (frame) => encoder.write(frame),
      finish: () => encoder.finish(),
      stream: () => stream,
      close: () => encoder.close(),
    };
  },
};
