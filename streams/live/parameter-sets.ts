/** Types of NAL units that describe a stream, and those that hold pictures, by FFmpeg's name of the codec. */
interface NalTypes {
  readonly of: (header: number) => number;
  readonly isParameterSet: (type: number) => boolean;
  /** The set without which nothing decodes; one of these in a packet means that it brings them all. */
  readonly sequence: number;
  readonly isPicture: (type: number) => boolean;
}

/** @see ITU-T H.264, table 7-1, and H.265, table 7-1 */
const nalTypes: Readonly<Record<string, NalTypes>> = {
  h264: {
    of: (header) => header & 0x1f,
    isParameterSet: (type) => type === 7 || type === 8,
    sequence: 7,
    isPicture: (type) => type >= 1 && type <= 5,
  },
  hevc: {
    of: (header) => (header >> 1) & 0x3f,
    isParameterSet: (type) => type >= 32 && type <= 34,
    sequence: 33,
    isPicture: (type) => type < 32,
  },
};

const START_CODE = Buffer.of(0, 0, 1);
const LONG_START_CODE = Buffer.of(0, 0, 0, 1);

/** True where packets of a codec carry their own headers between start codes, as MPEG-TS and RTSP have them; false for the form of MP4 and FLV. */
export function isAnnexB(codec: string, extradata: Uint8Array | null): boolean {
  if (nalTypes[codec] === undefined) return false;
  return extradata === null || extradata.length < 4 || (extradata[0] === 0 && extradata[1] === 0);
}

/** The parameter sets in front of the first picture of a packet (or of a header) in Annex B; nothing where it does not bring them all. */
export function parameterSets(codec: string, data: Buffer): Buffer[] | undefined {
  const types = nalTypes[codec];
  if (types === undefined) return undefined;
  const sets: Buffer[] = [];
  let hasSequence = false;
  for (const unit of nalUnits(data)) {
    const type = types.of(unit[0] ?? 0);
    if (types.isPicture(type)) break;
    if (types.isParameterSet(type)) sets.push(unit);
    hasSequence ||= type === types.sequence;
  }
  return hasSequence ? sets : undefined;
}

/** A header in Annex B. */
export function joinParameterSets(sets: readonly Buffer[]): Buffer {
  return Buffer.concat(sets.flatMap((set) => [LONG_START_CODE, set]));
}

/** True where a header has all of these already. */
export function hasParameterSets(codec: string, header: Buffer | null, sets: readonly Buffer[]): boolean {
  const known = header === null ? [] : (parameterSets(codec, header) ?? []);
  return sets.every((set) => known.some((one) => one.equals(set)));
}

function* nalUnits(data: Buffer): Generator<Buffer> {
  for (let at = data.indexOf(START_CODE); at >= 0; ) {
    const begin = at + START_CODE.length;
    at = data.indexOf(START_CODE, begin);
    let end = at < 0 ? data.length : at;
    // Zeros between units belong to none of them.
    while (end > begin && data[end - 1] === 0) end--;
    if (end > begin) yield data.subarray(begin, end);
  }
}
