import type {Answer, Host} from '../../answers/Answer.ts';
import {bytesBody} from '../../answers/bytesBody.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import type {UrlSigner, Verdict} from '../../UrlSigner.ts';
import type {HubRepository} from '../hub/HubRepository.ts';
import {xetBridgePath} from './xetBridgePath.ts';

/** The second hop of a redirect to another origin has `Origin: null`, so only `*` allows it. */
const ALLOW_ORIGIN = {'access-control-allow-origin': '*'};

const PREFLIGHT: Answer = {
  status: 200,
  headers: {...ALLOW_ORIGIN, 'access-control-allow-headers': '*', 'access-control-allow-methods': '*'},
  body: bytesBody(''),
};

const COMMON_HEADERS = {
  ...ALLOW_ORIGIN,
  'access-control-allow-headers': 'Content-Range, Content-Type, Content-Disposition, ETag',
  'access-control-expose-headers': '*',
  vary: 'origin, access-control-request-method, access-control-request-headers',
  'x-hf-cdn-pop': 'aws-us-east-1',
};

const accessDenied = (verdict: Exclude<Verdict, 'valid'>): Answer =>
  textAnswer(
    403,
    `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access denied</Message>` +
      `<Reason>${verdict}</Reason></Error>`,
    {...COMMON_HEADERS, 'content-type': 'text/xml'},
  );

/** The hosts that serve the Hub's large files, for signed URLs. */
export const createHubCdn = (repositories: readonly HubRepository[], signer: UrlSigner): Host => {
  const files = new Map(
    repositories.flatMap((repository) =>
      [...repository.revisions.values()].flatMap(({files, open}) =>
        files.map((file) => [xetBridgePath(repository, file), {file, open}] as const),
      ),
    ),
  );

  return async ({method, url}) => {
    if (method === 'OPTIONS') {
      return PREFLIGHT;
    }
    const verdict = signer.check(url);
    const found = files.get(url.pathname);
    if (verdict !== 'valid' || !found) {
      return accessDenied(verdict === 'valid' ? 'altered' : verdict);
    }
    if (method === 'GET') {
      signer.use(url);
    }
    const disposition = url.searchParams.get('response-content-disposition');
    return {
      status: 200,
      headers: {
        ...COMMON_HEADERS,
        'accept-ranges': 'bytes',
        ...(disposition ? {'content-disposition': disposition} : {}),
        'content-type': url.searchParams.get('response-content-type') ?? 'application/octet-stream',
        etag: `"${found.file.xetHash}"`,
      },
      body: await found.open(found.file),
    };
  };
};
