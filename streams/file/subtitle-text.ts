import type { TextSubtitle } from './track-plan.js';

/**
 * The plain text of a subtitle packet, markup removed, lines parted by `\n`.
 *
 * @param codec FFmpeg's codec name: `subrip`, `ass`, `ssa`, `webvtt`, `mov_text` or `text`.
 */
export function subtitleText(payload: Buffer, codec: string): string {
  switch (codec) {
    case 'mov_text':
      return payload.length < 2 ? '' : payload.subarray(2, 2 + payload.readUInt16BE(0)).toString('utf8');
    case 'ass':
    case 'ssa':
      return assText(payload.toString('utf8'));
    default:
      return payload
        .toString('utf8')
        .replace(/<\/?[a-z][^>]*>/gi, '')
        .replace(/\{\\[^}]*\}/g, '');
  }
}

/** A Matroska ASS packet: `ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text`. */
function assText(line: string): string {
  const text = line.split(',').slice(8).join(',');
  return text
    .replace(/\{[^}]*\}/g, '')
    .replace(/\\[Nn]/g, '\n')
    .replace(/\\h/g, ' ');
}

/** A packet of another text format with this text. 3GPP TS 26.245 puts a 16-bit length before mov_text. */
export function subtitlePayload(text: string, to: TextSubtitle): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  if (to !== 'mov_text') return bytes;
  const size = Buffer.alloc(2);
  size.writeUInt16BE(Math.min(bytes.length, 0xffff));
  return Buffer.concat([size, bytes.subarray(0, 0xffff)]);
}
