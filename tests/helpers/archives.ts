import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** A member of an archive, as hostile as one likes. */
export interface Member {
  readonly name: string;
  readonly content: Buffer;
  /** The size that the archive tells, in place of the true one. */
  readonly toldBytes?: number;
  /** A symbolic link in place of a file. */
  readonly link?: boolean;
}

/** A zip archive; members are compressed. */
export function zipOf(members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, content, toldBytes = content.length, link = false } of members) {
    const data = deflateRawSync(content);
    const path = Buffer.from(name);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(content), 0);
    sizes.writeUInt32LE(data.length, 4);
    sizes.writeUInt32LE(toldBytes, 8);
    const local = Buffer.concat([
      Buffer.from('504b0304140000000800000000000000', 'hex').subarray(0, 14),
      sizes,
      u16(path.length),
      u16(0),
      path,
      data,
    ]);
    const directory = Buffer.concat([
      Buffer.from('504b01021403140000000800', 'hex'),
      Buffer.alloc(4),
      sizes,
      u16(path.length),
      Buffer.alloc(8),
      u32((link ? 0o120777 : 0o100644) * 0x10000),
      u32(at),
      path,
    ]);
    locals.push(local);
    central.push(directory);
    at += local.length;
  }
  const size = central.reduce((sum, { length }) => sum + length, 0);
  const count = u16(members.length);
  const end = Buffer.concat([Buffer.from('504b050600000000', 'hex'), count, count, u32(size), u32(at), u16(0)]);
  return Buffer.concat([...locals, ...central, end]);
}

/** A tar archive. */
export function tarOf(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ name, content, toldBytes = content.length, link = false }) => {
    const header = Buffer.alloc(512);
    const type = link ? 'SymbolicLink' : 'File';
    new Header({
      path: name,
      size: link ? 0 : toldBytes,
      mode: 0o644,
      type,
      ...(link && { linkpath: '/etc/passwd' }),
    }).encode(header);
    return link ? [header] : [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** The same, compressed. */
export function tarGzOf(members: readonly Member[]): Buffer {
  return gzipSync(tarOf(members));
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
