import {createHmac, randomBytes, randomUUID} from 'node:crypto';
import type {CdnHost, Signing} from './Signing.ts';

export type Verdict = 'valid' | 'expired' | 'altered' | 'used';

interface SignedFile {
  /** The path on the CDN. */
  path: string;
  /** The URL on the Hub that redirects. */
  from: string;
  contentDisposition: string;
}

const KEY_PAIR_ID = '01KB2Q7M4V8X6T0H5N9R3D1W2E';

const overrides = ({contentDisposition}: SignedFile) => ({
  'response-content-disposition': contentDisposition,
  'response-content-type': 'application/octet-stream',
});

/** `public` stands for a reader who is not signed in. */
const READER = {'X-Xet-Cas-Uid': 'public', user_id: 'public'};

/** The parameters of each CDN's URLs beside the signature itself. */
const PARAMETERS: Readonly<Record<CdnHost, (file: SignedFile, signer: Signing) => Record<string, string>>> = {
  'us.aws.cdn.hf.co': (file) => ({...overrides(file), ...READER}),
  'us.gcp.cdn.hf.co': () => READER,
  'cas-bridge.xethub.hf.co': (file, {lifetimeSeconds, now}) => {
    const date = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '');
    return {
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
      'X-Amz-Credential': `cas/${date.slice(0, 8)}/us-east-1/s3/aws4_request`,
      'X-Amz-Date': date,
      'X-Amz-Expires': String(lifetimeSeconds),
      'X-Amz-Signature': randomBytes(32).toString('hex'),
      'X-Amz-SignedHeaders': 'host',
      ...READER,
      ...overrides(file),
      'x-id': 'GetObject',
    };
  },
};

/**
 * CloudFront's own variant of base64:
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html
 */
const cloudFrontBase64 = (bytes: Buffer): string =>
  bytes.toString('base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');

/** Signs the URLs that the Hub redirects to, and checks them on the CDN. */
export class UrlSigner implements Signing {
  lifetimeSeconds = 3600;
  singleUse = false;
  cdnHost: CdnHost = 'us.aws.cdn.hf.co';
  now = Date.now;

  readonly #secret = randomBytes(32);
  readonly #redirectedFrom = new Map<string, string>();
  readonly #used = new Set<string>();

  /** Returns a path with a unique query: two redirects never lead to the same URL. */
  sign(file: SignedFile): string {
    const expires = Math.floor(this.now() / 1000) + this.lifetimeSeconds;
    const policy = {
      Id: randomUUID(),
      Statement: [{Resource: `*${file.path}*`, Condition: {DateLessThan: {'AWS:EpochTime': expires}}}],
    };
    const query = new URLSearchParams({
      ...PARAMETERS[this.cdnHost](file, this),
      Expires: String(expires),
      Policy: cloudFrontBase64(Buffer.from(JSON.stringify(policy))),
      'Key-Pair-Id': KEY_PAIR_ID,
    });
    const signature = this.#signature(file.path, query);
    this.#redirectedFrom.set(signature, file.from);
    query.set('Signature', signature);
    return `${file.path}?${query}`;
  }

  /** Checks a URL. This does not count as a use. */
  check({pathname, searchParams}: URL): Verdict {
    const query = new URLSearchParams(searchParams);
    const signature = query.get('Signature') ?? '';
    query.delete('Signature');
    if (signature !== this.#signature(pathname, query)) {
      return 'altered';
    }
    if (this.now() >= Number(query.get('Expires')) * 1000) {
      return 'expired';
    }
    return this.singleUse && this.#used.has(signature) ? 'used' : 'valid';
  }

  use({searchParams}: URL): void {
    this.#used.add(searchParams.get('Signature') ?? '');
  }

  /** Returns the Hub's URL that redirected to a signed URL. */
  redirectedFrom({searchParams}: URL): string | undefined {
    return this.#redirectedFrom.get(searchParams.get('Signature') ?? '');
  }

  #signature(path: string, query: URLSearchParams): string {
    return cloudFrontBase64(createHmac('sha256', this.#secret).update(`${path}?${query}`).digest());
  }
}
