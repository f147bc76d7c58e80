import type {Host} from '../answers/Answer.ts';
import {textAnswer} from '../answers/textAnswer.ts';
import {contentType} from '../contentType.ts';
import {INSTALLED_PACKAGES} from '../npm/installedPackages.ts';
import {createAssetOpener} from './createAssetOpener.ts';

const PATH = /^\/ajax\/libs\/(?<library>[^/]+)\/(?<version>[^/]+)\/(?<file>.+)$/;

/**
 * The folder of the npm package whose files cdnjs serves in one folder per version. The real cdnjs has both
 * libraries, but not these versions, and not all of their files.
 */
const FOLDERS: Readonly<Record<string, string>> = {'onnxruntime-web': 'dist/', pyodide: ''};

/** A failure has no CORS headers: https://github.com/cdnjs/origin-worker */
const notFound = () => textAnswer(404, 'resource not found', {'cf-cdnjs-via': 'cfworker'});

/** `cdnjs.cloudflare.com`, with npm packages of this workspace. It has no version ranges and no tags. */
export const createCdnjs = (): Host => {
  const open = createAssetOpener();

  return async ({url: {pathname}}) => {
    const {file = '', library = '', version} = PATH.exec(pathname)?.groups ?? {};
    const folder = FOLDERS[library];
    const found = INSTALLED_PACKAGES.find((each) => each.name === library && each.version === version);
    const asset = found && folder !== undefined && (await open(found.folder + folder + file));
    if (!asset) {
      return notFound();
    }
    return {
      status: 200,
      headers: {
        'accept-ranges': 'bytes',
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=30672000',
        'cf-cache-status': 'HIT',
        'cf-cdnjs-via': 'cfworker/kv',
        'content-type': contentType(pathname),
        'cross-origin-resource-policy': 'cross-origin',
        etag: `"${asset.digest}"`,
        'timing-allow-origin': '*',
        vary: 'Accept-Encoding',
        'x-content-type-options': 'nosniff',
      },
      body: asset.body,
      compression: {encodings: ['br', 'gzip'], declaresLength: false},
    };
  };
};
