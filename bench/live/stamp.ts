/** What a picture says about itself. */
export interface Stamp {
  /** When it was taken, milliseconds since the measurement began: 0 to 2³² − 1. */
  readonly takenMs: number;
  /** Its number, counted in frame periods since the measurement began: 0 to 2²⁴ − 1. */
  readonly picture: number;
}

/** Luma of one picture: eight bits a pixel, rows `stride` bytes apart. */
export interface LumaPlane {
  readonly data: Uint8Array;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Time, number, and a check byte. */
const BYTES = 8;
const BLOCKS = BYTES * 8;
/** Narrower blocks would not survive encoding. */
const LEAST_BLOCK = 16;
const [BLACK, WHITE] = [16, 235];
const THRESHOLD = (BLACK + WHITE) / 2;

/** Writes the stamp into the first rows, as a strip of black and white blocks over the whole width. @throws RangeError for pictures narrower than 1024. */
export function drawStamp(plane: LumaPlane, stamp: Stamp): void {
  const { data, stride, width } = plane;
  const block = blockWidth(width);
  if (block < LEAST_BLOCK) throw new RangeError(`a picture of ${width} columns is too narrow for a stamp`);
  const row = data.subarray(0, width).fill(BLACK);
  const bytes = bytesOf(stamp);
  for (let i = 0; i < BLOCKS; i++) if (bitOf(bytes, i)) row.fill(WHITE, i * block, (i + 1) * block);
  for (let y = 1; y < stripHeight(width); y++) data.set(row, y * stride);
}

/** The stamp of a decoded picture, which may be smaller than it was; nothing where the check fails. */
export function readStamp(plane: LumaPlane): Stamp | undefined {
  const bytes = Buffer.alloc(BYTES);
  for (let i = 0; i < BLOCKS; i++) {
    if (lumaOf(plane, i) > THRESHOLD) bytes[i >> 3] = (bytes[i >> 3] as number) | (0x80 >> (i & 7));
  }
  if (bytes[BYTES - 1] !== checkOf(bytes)) return undefined;
  return { takenMs: bytes.readUInt32BE(0), picture: bytes.readUIntBE(4, 3) };
}

const blockWidth = (width: number): number => Math.floor(width / BLOCKS);
/** Rows of the strip. */
const stripHeight = (width: number): number => Math.round(width / 40);

/** Mean of some pixels in the middle of a block. */
function lumaOf({ data, stride, width }: LumaPlane, block: number): number {
  const [centerX, centerY] = [Math.round((block + 0.5) * blockWidth(width)), stripHeight(width) >> 1];
  let sum = 0;
  for (let y = centerY - 2; y <= centerY + 2; y++) {
    for (let x = centerX - 2; x <= centerX + 2; x++) sum += data[y * stride + x] as number;
  }
  return sum / 25;
}

function bytesOf({ takenMs, picture }: Stamp): Buffer {
  const bytes = Buffer.alloc(BYTES);
  bytes.writeUInt32BE(takenMs, 0);
  bytes.writeUIntBE(picture, 4, 3);
  bytes[BYTES - 1] = checkOf(bytes);
  return bytes;
}

function bitOf(bytes: Buffer, i: number): boolean {
  return ((bytes[i >> 3] as number) & (0x80 >> (i & 7))) !== 0;
}

/** CRC-8 (polynomial x⁸ + x² + x + 1) of all bytes but the last. The start value keeps a black strip from counting as a stamp. */
function checkOf(bytes: Buffer): number {
  let crc = 0xff;
  for (const byte of bytes.subarray(0, BYTES - 1)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) === 0 ? crc << 1 : (crc << 1) ^ 0x107;
  }
  return crc & 0xff;
}
