import {join} from 'node:path';
import type {Answer, Host} from '../answers/Answer.ts';
import {bytesBody} from '../answers/bytesBody.ts';
import {textAnswer} from '../answers/textAnswer.ts';
import type {Content} from '../content/Content.ts';
import {contentType} from '../contentType.ts';
import {findNpmFile} from '../npm/findNpmFile.ts';
import {INSTALLED_PACKAGES} from '../npm/installedPackages.ts';
import {createAssetOpener} from './createAssetOpener.ts';

interface Found {
  version: string;
  /** Whether the URL names this exact version, and not a range, a tag or nothing. */
  isPinned: boolean;
  /** Possible paths on disk. The first that exists is used. */
  paths: string[];
}

const COMMON_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
  'timing-allow-origin': '*',
  vary: 'Accept-Encoding',
  'x-content-type-options': 'nosniff',
};

const PREFLIGHT: Answer = {
  status: 204,
  headers: {
    ...COMMON_HEADERS,
    'access-control-allow-headers': '*',
    'access-control-allow-methods': 'GET, HEAD',
  },
  body: bytesBody(''),
};

const cacheControl = ({isPinned}: Found): string =>
  isPinned
    ? 'public, max-age=31536000, s-maxage=31536000, immutable'
    : 'public, max-age=604800, s-maxage=43200';

/** A release of Pyodide is the npm package plus Python packages. */
const findInPyodide = (path: string, folder: string): Found | undefined => {
  const {file, version} = /^\/pyodide\/v(?<version>[^/]+)\/full\/(?<file>.+)$/.exec(path)?.groups ?? {};
  const found = INSTALLED_PACKAGES.find((each) => each.name === 'pyodide' && each.version === version);
  return (
    found && {
      version: found.version,
      isPinned: true,
      paths: [join(folder, 'jsdelivr', path), `${found.folder}${file}`],
    }
  );
};

/** A range, a tag or no version is not redirected: it is answered with its current version. */
const findInNpm = (path: string): Found | undefined => {
  const found = path.startsWith('/npm/') ? findNpmFile(path.slice('/npm'.length)) : undefined;
  return (
    found && {
      version: found.package.version,
      isPinned: found.isPinned,
      paths: [`${found.package.folder}${found.file ?? ''}`],
    }
  );
};

/** `cdn.jsdelivr.net`, with the npm packages of this workspace. */
export const createJsdelivr = ({folder}: Content): Host => {
  const open = createAssetOpener();

  return async ({method, url: {pathname}}) => {
    if (method === 'OPTIONS') {
      return PREFLIGHT;
    }
    const found = findInPyodide(pathname, folder) ?? findInNpm(pathname);
    if (!found) {
      return textAnswer(404, `Couldn't find the requested release version.`, COMMON_HEADERS);
    }
    if (pathname.endsWith('.html')) {
      return textAnswer(403, 'HTML files are not served from here.', COMMON_HEADERS);
    }
    const assets = await Promise.all(found.paths.map(open));
    const asset = assets.find((each) => each !== undefined);
    if (!asset) {
      return textAnswer(404, `Couldn't find the requested file.`, COMMON_HEADERS);
    }
    return {
      status: 200,
      headers: {
        ...COMMON_HEADERS,
        'accept-ranges': 'bytes',
        'cache-control': cacheControl(found),
        'content-type': contentType(pathname),
        etag: `W/"${asset.digest}"`,
        'x-jsd-version': found.version,
        'x-jsd-version-type': 'version',
      },
      body: asset.body,
      compression: {encodings: ['br', 'gzip'], declaresLength: true},
    };
  };
};
