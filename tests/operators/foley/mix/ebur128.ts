import { writeFileSync } from 'node:fs';
import { type Stereo, stereo } from '../../../../operators/foley/mix/stereo.js';
import { filterFrames } from '../../../../streams/libav/synthesis/filter-source.js';
import { joined } from './sounds.js';

/** FFmpeg's resampler makes up what came before the first sample; it must not make it up from sound. */
const LEAD_IN = 4800;

/** What FFmpeg's meter says. */
export interface MeterReading {
  /** LUFS. */
  readonly integrated: number;
  /** dBTP, of the louder channel. */
  readonly truePeak: number;
}

/**
 * Measures with the `ebur128` filter of the bundled FFmpeg: a meter that others wrote. Half a second of silence follows the sound, or the meter
 * gives no reading of what is short.
 *
 * @param file A WAV file that it may write.
 */
export function ebur128(sound: Stereo, file: string): MeterReading {
  writeFileSync(file, wave(joined(stereo(LEAD_IN), sound)));
  let integrated = Number.NEGATIVE_INFINITY;
  let truePeak = Number.NEGATIVE_INFINITY;
  const chain = `amovie=${file},apad=pad_dur=0.5,ebur128=peak=true:metadata=1:framelog=quiet`;
  for (const frame of filterFrames(chain, 'audio', Number.POSITIVE_INFINITY)) {
    const metadata = frame.getMetadata()?.getAll() ?? {};
    integrated = Number(metadata['lavfi.r128.I'] ?? integrated);
    for (const channel of ['ch0', 'ch1']) {
      const linear = metadata[`lavfi.r128.true_peaks_${channel}`];
      if (linear !== undefined) truePeak = Math.max(truePeak, 20 * Math.log10(Number(linear)));
    }
  }
  return { integrated, truePeak };
}

/** RIFF WAVE, 32-bit float. */
function wave({ left, right }: Stereo): Buffer {
  const data = new Float32Array(2 * left.length);
  for (let i = 0; i < left.length; i++) {
    data[2 * i] = left[i] as number;
    data[2 * i + 1] = right[i] as number;
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(3, 20);
  header.writeUInt16LE(2, 22);
  header.writeUInt32LE(48_000, 24);
  header.writeUInt32LE(48_000 * 8, 28);
  header.writeUInt16LE(8, 32);
  header.writeUInt16LE(32, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.byteLength, 40);
  return Buffer.concat([header, Buffer.from(data.buffer)]);
}
