import {publicKey} from '../../http/partition.ts';
import {checkedResponse, expectedOf, failureOf} from '../../integrity/index.ts';
import type {IntegrityFailure} from '../../messages/protocol.ts';
import type {Pin} from '../pinRequest.ts';
import {type Candidate, type Releases, releaseId, type StagedReleases} from '../Releases.ts';
import {readFile, removeFiles} from './releaseFiles.ts';
import type {StagedAsset} from './StagedAsset.ts';
import {stagedRelease} from './stagedReleases.ts';
import {supersededBy} from './supersededBy.ts';

type Assets = ReadonlyMap<string, StagedAsset>;

const readAssetsOf = async ({line, version}: Pin): Promise<Assets> => {
  const release = await stagedRelease(line, version);
  const assets = new Map(release?.assets.map((asset) => [asset.key, asset]));
  // What one account's manifest says of a file holds for all, but its file in the file system is its own.
  for (const asset of release?.assets ?? []) {
    const key = publicKey(asset.key);
    assets.set(key, assets.get(key) ?? Object.assign({}, asset, {key, file: undefined}));
  }
  return assets;
};

/**
 * Tells whether a file has its bytes. They arrive in it all at once, and until then it is empty: so an empty file counts
 * where the asset is known to be empty.
 */
const isWritten = async (file: File, asset: StagedAsset): Promise<boolean> =>
  file.size > 0
    ? file.size === (asset.size ?? file.size)
    : (asset.size ?? asset.digest) !== undefined && !(await failureOf(new Response(file), expectedOf(asset)));

/**
 * What the worker knows of the assets of staged releases. It is asked on a miss in a release's cache, and before
 * something is stored there.
 */
export class StagedAssets implements StagedReleases {
  /** By release, of those that pages asked for: a record may list thousands of assets, and every miss asks. */
  private readonly known = new Map<string, Promise<Assets>>();

  private readonly releases: Releases;

  constructor(releases: Releases) {
    this.releases = releases;
  }

  forget(): void {
    this.known.clear();
  }

  supersededBy(candidate: Candidate): Promise<{line: string; version: string}[]> {
    return supersededBy(this.releases, candidate);
  }

  async find(pin: Pin): Promise<Response | undefined> {
    const asset = await this.assetOf(pin);
    const file = asset?.file && (await readFile(pin, asset.file));
    return file && (await isWritten(file, asset))
      ? new Response(file, {headers: {'content-length': String(file.size)}})
      : undefined;
  }

  checked: StagedReleases['checked'] = async (pin, response) => {
    const asset = await this.assetOf(pin);
    if (!asset) {
      return undefined;
    }
    if (asset.file !== undefined) {
      return 'kept-as-file';
    }
    if (response.type === 'opaque') {
      return 'integrity-failed';
    }
    let failure: IntegrityFailure | undefined;
    const checked = checkedResponse(response, expectedOf(asset), (found) => {
      failure = found;
    });
    return {response: checked, failure: () => failure};
  };

  evict(line: string, kept: readonly string[]): Promise<void> {
    this.forget();
    return removeFiles(line, kept);
  }

  private async assetOf(pin: Pin): Promise<StagedAsset | undefined> {
    const id = releaseId(pin);
    const assets = this.known.get(id) ?? readAssetsOf(pin);
    this.known.set(id, assets);
    try {
      const listed = await assets;
      return listed.get(pin.key) ?? listed.get(publicKey(pin.key));
    } catch (error) {
      this.known.delete(id);
      throw error;
    }
  }
}
