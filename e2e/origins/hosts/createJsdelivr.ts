import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {Answer, Body, Host} from '../answers/Answer.ts';
import {bytesBody} from '../answers/bytesBody.ts';
import {compressible} from '../answers/compressible.ts';
import {openFile} from '../answers/openFile.ts';
import {readBody} from '../answers/readBody.ts';
import {textAnswer} from '../answers/textAnswer.ts';
import {contentType} from '../contentType.ts';

interface Release {
  version: string;
  folder: string;
}

const installed = (packageName: string): Release => {
  const folder = fileURLToPath(new URL(`../../node_modules/${packageName}/`, import.meta.url));
  const {version} = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return {version, folder};
};

/** What is served, by the beginning of the path. */
const releases = (): ReadonlyArray<[prefix: string, release: Release]> => {
  const pyodides = [installed('pyodide'), installed('pyodide-previous')];
  const onnxRuntime = installed('onnxruntime-web');
  return [
    ...pyodides.map((release): [string, Release] => [`/pyodide/v${release.version}/full/`, release]),
    ...pyodides.map((release): [string, Release] => [`/npm/pyodide@${release.version}/`, release]),
    [`/npm/onnxruntime-web@${onnxRuntime.version}/`, onnxRuntime],
  ];
};

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

const COMPRESSES = /\.(css|js|json|map|mjs|svg|ts|txt|wasm)$/;

interface Served {
  body: Body;
  etag: string;
}

const open = async (path: string): Promise<Served> => {
  const body = await openFile(path);
  const digest = createHash('sha1')
    .update(await readBody(body))
    .digest('base64url');
  return {
    body: COMPRESSES.test(path) ? compressible(body) : body,
    etag: `W/"${body.size.toString(16)}-${digest}"`,
  };
};

/** `cdn.jsdelivr.net`, with the packages that this workspace has from npm. */
export const createJsdelivr = (): Host => {
  const known = releases();
  const opened = new Map<string, Promise<Served>>();

  return async ({method, url: {pathname}}) => {
    if (method === 'OPTIONS') {
      return PREFLIGHT;
    }
    const [prefix = '', release] = known.find(([each]) => pathname.startsWith(each)) ?? [];
    if (!release) {
      return textAnswer(404, `Couldn't find the requested release version.`, COMMON_HEADERS);
    }
    if (pathname.endsWith('.html')) {
      return textAnswer(403, 'HTML files are not served from here.', COMMON_HEADERS);
    }
    const path = release.folder + pathname.slice(prefix.length);
    const opening = opened.get(path) ?? open(path);
    opened.set(path, opening);
    const served = await opening.catch(() => undefined);
    if (!served) {
      opened.delete(path);
      return textAnswer(404, `Couldn't find the requested file.`, COMMON_HEADERS);
    }
    return {
      status: 200,
      headers: {
        ...COMMON_HEADERS,
        'accept-ranges': 'bytes',
        'cache-control': 'public, max-age=31536000, s-maxage=31536000, immutable',
        'content-type': contentType(pathname),
        etag: served.etag,
        'x-jsd-version': release.version,
        'x-jsd-version-type': 'version',
      },
      body: served.body,
      compression: {encodings: ['br', 'gzip'], declaresLength: true},
    };
  };
};
