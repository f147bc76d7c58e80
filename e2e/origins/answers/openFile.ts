import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import type {Body} from './Answer.ts';
import {bytesBody} from './bytesBody.ts';

/** Returns the bytes of a file, streamed from disk, so that a file of any size takes little memory. */
export const openFile = async (path: string): Promise<Body> => {
  const found = await stat(path);
  if (!found.isFile()) {
    throw Object.assign(new Error(`${path} is not a file.`), {code: 'ENOENT'});
  }
  // The `end` of a stream is inclusive, so an empty file has none.
  return found.size === 0
    ? bytesBody('')
    : {size: found.size, read: (start, end) => createReadStream(path, {start, end: end - 1})};
};
