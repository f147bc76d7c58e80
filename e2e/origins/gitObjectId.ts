import {createHash} from 'node:crypto';

/** Returns git's name for a file's content or a folder: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export const gitObjectId = (type: 'blob' | 'tree', content: Uint8Array): string =>
  createHash('sha1').update(`${type} ${content.byteLength}\0`).update(content).digest('hex');
