import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {gitObjectId} from '../gitObjectId.ts';
import type {ContentFile} from './Content.ts';

const sha256 = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
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
    sha256: sha256(bytes),
    // The real one is a tree of BLAKE3 hashes. Here it only has to be another hash of the content.
    xetHash: sha256('xet', bytes),
    gitOid: gitObjectId('blob', bytes),
  };
};
