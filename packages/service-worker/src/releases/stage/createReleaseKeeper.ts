import {checkedResponse, expectedOf} from '../../integrity/index.ts';
import {eventChannel, type Pin, type ReleaseKeeper} from '../staging.ts';
import {readFile, removeFiles} from './keptFiles.ts';
import type {StagedAsset} from './readAssets.ts';
import {stagedRelease} from './records.ts';

type Assets = ReadonlyMap<string, StagedAsset>;

/** The assets of releases that pages have asked for. A record may list thousands, and every miss asks. */
const known = new Map<string, Promise<Assets>>();

/** To be called when a record has changed. */
export const forgetAssets = (): void => known.clear();

const readAssetsOf = async ({line, version}: Pin): Promise<Assets> => {
  const release = await stagedRelease(line, version);
  return new Map(release?.assets.map((asset) => [asset.key, asset]));
};

const assetOf = async (pin: Pin): Promise<StagedAsset | undefined> => {
  const assets = known.get(pin.cacheName) ?? readAssetsOf(pin);
  known.set(pin.cacheName, assets);
  try {
    return (await assets).get(pin.key);
  } catch (error) {
    known.delete(pin.cacheName);
    throw error;
  }
};

/** Whether a file has its bytes: they are put into it all at once, and until then it is empty. */
const isWritten = ({size}: File, asset: StagedAsset): boolean =>
  asset.size === undefined ? size > 0 : size === asset.size;

/**
 * What the plugin that answers requests asks about releases that were staged: on a miss in the release's cache, and
 * before it stores something there.
 */
export const createReleaseKeeper = (): ReleaseKeeper => {
  // Another worker of the origin may stage, or switch.
  eventChannel().addEventListener('message', forgetAssets);
  return {
    find: async (pin) => {
      const asset = await assetOf(pin);
      const file = asset?.file && (await readFile(pin, asset.file));
      return file && isWritten(file, asset)
        ? new Response(file, {headers: {'content-length': String(file.size)}})
        : undefined;
    },

    checked: async (pin, response) => {
      const asset = await assetOf(pin);
      if (!asset) {
        return undefined;
      }
      if (asset.file !== undefined) {
        return 'kept-as-file';
      }
      return response.type === 'opaque'
        ? 'integrity-failed'
        : checkedResponse(response, expectedOf(asset), () => undefined);
    },

    evict: (line, kept) => {
      forgetAssets();
      return removeFiles(line, kept);
    },
  };
};
