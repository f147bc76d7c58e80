import type {Expected} from '../messages/protocol.ts';
import type {ExpectedAsset} from './options.ts';
import {parseIntegrity} from './parseIntegrity.ts';

/** Returns what is expected of a listed asset. An SRI string in which nothing can be read matches nothing. */
export const expectedOf = ({size, digest, integrity}: Omit<ExpectedAsset, 'url'>): Expected => {
  const given = digest && [digest];
  return {size, digests: integrity === undefined ? given : parseIntegrity(integrity)};
};

/**
 * Returns the function that finds what is expected of a key. It reads the list at its first call, which a miss makes: a
 * worker that has everything stored starts without.
 */
export const expectations = (assets: readonly ExpectedAsset[]): ((key: string) => Expected | undefined) => {
  let listed: ReadonlyMap<string, ExpectedAsset> | undefined;
  return (key) => {
    listed ??= new Map(assets.map((asset) => [asset.url, asset]));
    const asset = listed.get(key);
    return asset && expectedOf(asset);
  };
};
