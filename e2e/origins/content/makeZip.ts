import {crc32} from 'node:zlib';

/** 2.0, the first version with folders. */
const VERSION = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
/** No compression. */
const STORED = 0;
/** The earliest time of the format, 1 January 1980, so that the same files give the same bytes. */
const TIME = 0;
const DATE = 0x0021;

/** Joins little-endian numbers, each given with its size in bytes. */
const numbers = (...fields: [value: number, bytes: 2 | 4][]): Buffer => {
  const buffer = Buffer.alloc(fields.reduce((sum, [, bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [value, bytes] of fields) {
    at = buffer.writeUIntLE(value, at, bytes);
  }
  return buffer;
};

/**
 * Makes a zip file of texts, by path. The records and their fields are those of
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, section 4.3.
 */
export const makeZip = (files: Readonly<Record<string, string>>): Buffer => {
  const entries: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const content = Buffer.from(text);
    const shared = numbers(
      [VERSION, 2],
      [FLAGS, 2],
      [STORED, 2],
      [TIME, 2],
      [DATE, 2],
      [crc32(content), 4],
      [content.length, 4],
      [content.length, 4],
      [name.length, 2],
      [0, 2], // extra field
    );
    const entry = Buffer.concat([numbers([0x04034b50, 4]), shared, name, content]);
    directory.push(
      numbers([0x02014b50, 4], [VERSION, 2]),
      shared,
      // comment, disk, attributes inside and outside
      numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
      name,
    );
    entries.push(entry);
    offset += entry.length;
  }
  const directoryBytes = directory.reduce((sum, {length}) => sum + length, 0);
  const end = numbers(
    [0x06054b50, 4],
    [0, 2], // this disk
    [0, 2], // the disk of the directory
    [entries.length, 2],
    [entries.length, 2],
    [directoryBytes, 4],
    [offset, 4],
    [0, 2], // comment
  );
  return Buffer.concat([...entries, ...directory, end]);
};
