import type {Answer, Host} from '../answers/Answer.ts';
import {textAnswer} from '../answers/textAnswer.ts';
import {contentType} from '../contentType.ts';
import {findNpmFile} from '../npm/findNpmFile.ts';
import {createAssetOpener} from './createAssetOpener.ts';

const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};

/** The version of a range or a tag changes. The entry of a version does not. */
const redirect = (location: URL, isPinned: boolean): Answer =>
  textAnswer(isPinned ? 301 : 302, `Redirecting to ${location}`, {
    ...CORS_HEADERS,
    ...(isPinned ? {} : {'cache-control': 'public, max-age=60, s-maxage=300'}),
    location: location.href,
  });

/**
 * `unpkg.com`, with the npm packages of this workspace. As in its source
 * (https://github.com/unpkg/unpkg/blob/main/packages/unpkg-www/src/request-handler.tsx), it refuses
 * preflights, failures have no CORS headers, and a file has no ETag.
 */
export const createUnpkg = (): Host => {
  const open = createAssetOpener();

  return async ({method, url}) => {
    if (method !== 'GET' && method !== 'HEAD') {
      return textAnswer(405, `Invalid request method: ${method}`);
    }
    const found = findNpmFile(url.pathname);
    if (!found) {
      return textAnswer(404, `Package not found: ${url.pathname}`);
    }
    const {name, folder, unpkgEntry, version} = found.package;
    if (!found.isPinned || !found.file) {
      const path = `/${name}@${version}/${found.file ?? unpkgEntry}${url.search}`;
      return redirect(new URL(path, url), found.isPinned);
    }
    const asset = await open(folder + found.file);
    if (!asset) {
      return textAnswer(404, `Not found: ${url.pathname}${url.search}`);
    }
    return {
      status: 200,
      headers: {
        ...CORS_HEADERS,
        'accept-ranges': 'bytes',
        'access-control-allow-headers': '*',
        'access-control-expose-headers': '*',
        'cache-control': 'public, max-age=31536000',
        'content-type': contentType(found.file),
        vary: 'Accept-Encoding',
      },
      body: asset.body,
      compression: {encodings: ['br', 'gzip'], declaresLength: false},
    };
  };
};
