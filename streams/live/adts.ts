/** An AAC frame without its ADTS header, and what the header said. */
export interface AdtsFrame {
  readonly payload: Uint8Array;
  /** AudioSpecificConfig, two bytes: object type, sampling-frequency index, channel configuration. */
  readonly config: Uint8Array;
}

/**
 * Takes the header off a frame of AAC as MPEG-TS carries it; nothing when there is none.
 *
 * @see ISO/IEC 14496-3, 1.A.2.2 (ADTS) and 1.6.2.1 (AudioSpecificConfig)
 */
export function stripAdts(frame: Uint8Array): AdtsFrame | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = frame;
  if (frame.length < 7 || a !== 0xff || (b & 0xf6) !== 0xf0) return undefined;
  const headerBytes = (b & 1) === 1 ? 7 : 9;
  if (frame.length <= headerBytes) return undefined;
  const objectType = (c >> 6) + 1;
  const frequency = (c >> 2) & 0xf;
  const channels = ((c & 1) << 2) | (d >> 6);
  const config = Uint8Array.of((objectType << 3) | (frequency >> 1), ((frequency & 1) << 7) | (channels << 3));
  return { payload: frame.subarray(headerBytes), config };
}
