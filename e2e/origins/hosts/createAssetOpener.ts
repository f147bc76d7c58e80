import {createHash} from 'node:crypto';
import type {Body} from '../answers/Answer.ts';
import {compressible} from '../answers/compressible.ts';
import {openFile} from '../answers/openFile.ts';
import {readBody} from '../answers/readBody.ts';

/** A file that a CDN serves. */
export interface Asset {
  body: Body;
  /** A digest of the bytes, for an ETag. Without quotes. */
  digest: string;
}

const COMPRESSES = /\.(css|js|json|map|mjs|svg|ts|txt|wasm)$/;

const open = async (path: string): Promise<Asset> => {
  const body = await openFile(path);
  const digest = createHash('sha1')
    .update(await readBody(body))
    .digest('base64url');
  return {
    body: COMPRESSES.test(path) ? compressible(body) : body,
    digest: `${body.size.toString(16)}-${digest}`,
  };
};

/** Opens the files of a CDN by their paths on disk. Each is read and compressed once. */
export const createAssetOpener = (): ((path: string) => Promise<Asset | undefined>) => {
  const opened = new Map<string, Promise<Asset>>();

  return async (path) => {
    const opening = opened.get(path) ?? open(path);
    opened.set(path, opening);
    const asset = await opening.catch(() => undefined);
    if (!asset) {
      opened.delete(path);
    }
    return asset;
  };
};
