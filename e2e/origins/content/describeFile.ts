import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ContentFile} from './Content.ts';

const hex = (algorithm: string, ...parts: (string | Uint8Array)[]): string => {
  const hash = createHash(algorithm);
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest('hex');
};

export const describeFile = async (folder: string, path: string): Promise<ContentFile> => {
  const bytes = await readFile(join(folder, path));
  return {
    path,
    size: bytes.byteLength,
    sha256: hex('sha256', bytes),
    // The real one is a tree of BLAKE3 hashes. All that matters here is that it is another hash of the content.
    xetHash: hex('sha256', 'xet', bytes),
    gitOid: hex('sha1', `blob ${bytes.byteLength}\0`, bytes),
  };
};
