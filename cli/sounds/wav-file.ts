const HEADER_BYTES = 44;
const SAMPLE_BYTES = 3;
const LARGEST = 2 ** 23 - 1;
/** Integers, in the list of formats of RIFF. */
const PCM = 1;

/**
 * Sound as a WAV file: 24-bit integers, as every player takes them.
 *
 * @param channels Samples −1…1, one array a channel, all of one length; what is beyond is cut off, what is not a number is 0. Borrowed.
 * @param sampleRate Hertz.
 */
export function wavFile(channels: readonly Float32Array[], sampleRate: number): Buffer {
  const frames = channels[0]?.length ?? 0;
  const frameBytes = channels.length * SAMPLE_BYTES;
  const file = Buffer.alloc(HEADER_BYTES + frames * frameBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(PCM, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * frameBytes, 28);
  file.writeUInt16LE(frameBytes, 32);
  file.writeUInt16LE(8 * SAMPLE_BYTES, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * frameBytes, 40);
  for (const [channel, samples] of channels.entries()) {
    for (let i = 0; i < frames; i++) {
      const value = Math.max(-1, Math.min(1, samples[i] ?? 0));
      const place = HEADER_BYTES + i * frameBytes + channel * SAMPLE_BYTES;
      file.writeIntLE(Number.isNaN(value) ? 0 : Math.round(value * LARGEST), place, SAMPLE_BYTES);
    }
  }
  return file;
}
