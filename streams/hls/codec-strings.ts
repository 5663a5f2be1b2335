import { VitascopeError } from '../../pipeline/index.js';
import { boxAt, boxes } from '../containers/mp4-boxes.js';

/** Bytes of a sample entry before its boxes (ISO/IEC 14496-12, 12.1.3 and 12.2.3). */
const VISUAL_ENTRY_BYTES = 78;
const AUDIO_ENTRY_BYTES = 28;
const ENTRY_LIST_BYTES = 8;

/**
 * The codecs of an MP4 header as RFC 6381 and ISO/IEC 14496-15 annex E spell them, such as `avc1.64001f` and `mp4a.40.2`, in order of the tracks.
 *
 * @throws VitascopeError `CONTAINER_CODEC` when the header is not one.
 */
export function codecStrings(init: Buffer): string[] {
  const movie = boxAt(init, 'moov');
  if (movie === undefined) throw new VitascopeError('CONTAINER_CODEC', 'HLS: the header has no moov box');
  const names: string[] = [];
  for (const track of boxes(movie)) {
    if (track.type !== 'trak') continue;
    const list = boxAt(track.body, 'mdia', 'minf', 'stbl', 'stsd');
    const [entry] = list === undefined ? [] : [...boxes(list.subarray(ENTRY_LIST_BYTES))];
    if (entry !== undefined) names.push(codecString(entry.type, entry.body));
  }
  return names;
}

function codecString(type: string, entry: Buffer): string {
  const inside = (name: string, skip: number): Buffer => {
    const body = boxAt(entry.subarray(skip), name);
    if (body === undefined) throw new VitascopeError('CONTAINER_CODEC', `HLS: ${type} without ${name}`);
    return body;
  };
  switch (type) {
    case 'avc1':
    case 'avc3':
      return `${type}.${inside('avcC', VISUAL_ENTRY_BYTES).toString('hex', 1, 4)}`;
    case 'hvc1':
    case 'hev1':
      return `${type}.${hevcProfile(inside('hvcC', VISUAL_ENTRY_BYTES))}`;
    case 'av01':
      return `${type}.${av1Profile(inside('av1C', VISUAL_ENTRY_BYTES))}`;
    case 'mp4a':
      return `${type}.${audioObject(inside('esds', AUDIO_ENTRY_BYTES))}`;
    default:
      return type;
  }
}

/** Profile, compatibility, tier and level, and constraints, of an HEVCDecoderConfigurationRecord. */
export function hevcProfile(record: Buffer): string {
  const general = record.readUInt8(1);
  const space = ['', 'A', 'B', 'C'][general >> 6] ?? '';
  const tier = (general & 0x20) === 0 ? 'L' : 'H';
  const compatibility = reverseBits(record.readUInt32BE(2)).toString(16);
  const constraints = [...record.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const fields = [`${space}${general & 0x1f}`, compatibility, `${tier}${record.readUInt8(12)}`];
  return [...fields, ...constraints.map((byte) => byte.toString(16))].join('.').toUpperCase();
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) reversed = reversed * 2 + ((value >>> bit) & 1);
  return reversed;
}

function av1Profile(record: Buffer): string {
  const level = record.readUInt8(1);
  const flags = record.readUInt8(2);
  const depth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${level >> 5}.${two(level & 0x1f)}${(flags & 0x80) === 0 ? 'M' : 'H'}.${two(depth)}`;
}

const ES_DESCRIPTOR = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC = 5;
const MPEG4_AUDIO = 0x40;
const EXTENDED_OBJECT = 31;

/** Object type, and for MPEG-4 audio the audio object type, of an elementary stream descriptor (ISO/IEC 14496-1, 7.2.6). */
function audioObject(esds: Buffer): string {
  const es = descriptor(esds, 4, ES_DESCRIPTOR);
  const config = descriptor(es, 3, DECODER_CONFIG);
  const object = config.readUInt8(0);
  if (object !== MPEG4_AUDIO) return object.toString(16);
  const specific = descriptor(config, 13, DECODER_SPECIFIC);
  const type = specific.readUInt8(0) >> 3;
  return `40.${type === EXTENDED_OBJECT ? 32 + ((specific.readUInt16BE(0) >> 5) & 0x3f) : type}`;
}

function descriptor(bytes: Buffer, offset: number, tag: number): Buffer {
  if (bytes[offset] !== tag) throw new VitascopeError('CONTAINER_CODEC', 'HLS: sound without its codec header');
  let at = offset + 1;
  let size = 0;
  for (let more = true; more && at < bytes.length; at++) {
    const byte = bytes.readUInt8(at);
    size = (size << 7) | (byte & 0x7f);
    more = (byte & 0x80) !== 0;
  }
  return bytes.subarray(at, at + size);
}
