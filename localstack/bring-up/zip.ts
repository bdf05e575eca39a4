import { crc32 } from 'node:zlib';

/** Unix, regular file, rw-r--r--: without it some readers unpack files nobody may read. */
const ATTRIBUTES = 0o100644 * 0x1_0000;
/** 1 January 1980, the format's first day: the same files give the same archive. */
const DATE = 0x21;
const VERSION = 20;
const UTF8_NAMES = 0x0800;

/** A zip archive of some files, stored and not compressed; a jar is one, and so is the code of a Lambda function. */
export function zip(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const nameBytes = Buffer.from(name);
    const bytes = Buffer.from(content);
    const header = fileHeader(nameBytes, bytes);
    entries.push(Buffer.from('PK\x03\x04', 'latin1'), header, nameBytes, bytes);
    directory.push(directoryEntry(header, offset), nameBytes);
    offset += 4 + header.length + nameBytes.length + bytes.length;
  }
  return Buffer.concat([...entries, ...directory, endRecord(directory, offset)]);
}

/** What an entry's own header and its directory entry have in common. */
function fileHeader(name: Buffer, bytes: Buffer): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(VERSION, 0);
  header.writeUInt16LE(UTF8_NAMES, 2);
  header.writeUInt16LE(DATE, 8);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(name.length, 22);
  return header;
}

function directoryEntry(header: Buffer, offset: number): Buffer {
  const start = Buffer.from('PK\x01\x02\x14\x03', 'latin1');
  const end = Buffer.alloc(14);
  end.writeUInt32LE(ATTRIBUTES, 6);
  end.writeUInt32LE(offset, 10);
  return Buffer.concat([start, header, end]);
}

function endRecord(directory: readonly Buffer[], offset: number): Buffer {
  const entries = directory.length / 2;
  const record = Buffer.alloc(22);
  record.write('PK\x05\x06', 'latin1');
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(
    directory.reduce((sum, part) => sum + part.length, 0),
    12,
  );
  record.writeUInt32LE(offset, 16);
  return record;
}
