import {join} from 'node:path';
import type {Host} from '../answers/Answer.ts';
import {bytesBody} from '../answers/bytesBody.ts';
import {openFile} from '../answers/openFile.ts';
import {textAnswer} from '../answers/textAnswer.ts';
import type {Content} from '../content/Content.ts';
import {contentType} from '../contentType.ts';

const CORS_HEADERS = {
  'access-control-allow-headers': 'Range',
  'access-control-allow-methods': 'GET, OPTIONS',
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Content-Length, Content-Range, Accept-Ranges',
};

const COMMON_HEADERS = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
};

/**
 * `files.pythonhosted.org`, the files of PyPI. By its configuration
 * (https://github.com/pypi/infra/blob/main/terraform/file-hosting/vcl/files.vcl), only a GET that finds a
 * file gets CORS headers, a query is ignored, and nothing is ever "not modified", so there is no ETag here.
 */
export const createPypiFiles = ({folder, wheels}: Content): Host => {
  const paths = new Set(wheels.filter(({origin}) => origin === 'pypiFiles').map(({path}) => path));

  return async ({method, url: {pathname}}) => {
    if (method === 'OPTIONS') {
      const headers = {...COMMON_HEADERS, ...CORS_HEADERS, 'access-control-max-age': '86400'};
      return {status: 204, headers, body: bytesBody('')};
    }
    if (!paths.has(pathname)) {
      return textAnswer(404, 'Not found', COMMON_HEADERS);
    }
    return {
      status: 200,
      headers: {
        ...COMMON_HEADERS,
        ...(method === 'GET' ? CORS_HEADERS : {}),
        'accept-ranges': 'bytes',
        'cache-control': 'max-age=365000000, immutable, public',
        'content-type': contentType(pathname),
      },
      body: await openFile(join(folder, 'pypiFiles', pathname)),
    };
  };
};
