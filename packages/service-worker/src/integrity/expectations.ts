import type {Digest} from '@holdfast/manifest';
import type {ExpectedAsset} from './options.ts';
import {parseIntegrity} from './parseIntegrity.ts';

/** What the bytes of an asset have to be. */
export interface Expected {
  /** Bytes of the body as a page reads it, so after any `Content-Encoding` is undone. */
  readonly size?: number | undefined;
  /** Digests by one algorithm, of which one has to match. */
  readonly digests?: readonly Digest[] | undefined;
}

/** What is expected of a listed asset. An SRI string in which nothing can be read is one that nothing matches. */
export const expectedOf = ({size, digest, integrity}: Omit<ExpectedAsset, 'url'>): Expected => {
  const given = digest && [digest];
  return {size, digests: integrity === undefined ? given : parseIntegrity(integrity)};
};

/**
 * The one place that says what is expected of a key. The list is gone through at the first question, which a miss
 * asks: a worker that has everything stored starts without.
 */
export const expectations = (assets: readonly ExpectedAsset[]): ((key: string) => Expected | undefined) => {
  let listed: ReadonlyMap<string, ExpectedAsset> | undefined;
  return (key) => {
    listed ??= new Map(assets.map((asset) => [asset.url, asset]));
    const asset = listed.get(key);
    return asset && expectedOf(asset);
  };
};
