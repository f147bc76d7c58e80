import {beforeEach, describe, expect, it} from 'vitest';
import {startForTests} from '../../testing/startForTests.ts';

const {content, log, origin, signing} = await startForTests();
const PATH = '/buckets/mailwoman/assets/resolve/en-us/v0.6.0/fst-en-US.bin';
const SIZE = 300_000;

const signedUrl = async (): Promise<URL> => {
  const response = await fetch(`${origin.hub}${PATH}`, {redirect: 'manual'});
  return new URL(response.headers.get('location') ?? '');
};

beforeEach(() => {
  Object.assign(signing, {
    lifetimeSeconds: 3600,
    singleUse: false,
    cdnHost: 'us.aws.cdn.hf.co',
    now: Date.now,
  });
});

describe('a signature', () => {
  it('is valid for any number of uses', async () => {
    const url = await signedUrl();
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url)).status).toBe(200);
  });

  it('is refused when it has expired', async () => {
    const url = await signedUrl();
    signing.now = () => Date.now() + 3601 * 1000;
    const response = await fetch(url);
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.text()).toContain('<Code>AccessDenied</Code>');
  });

  it('is valid for the configured time', async () => {
    signing.lifetimeSeconds = 0;
    expect((await fetch(await signedUrl())).status).toBe(403);
  });

  it.each(['Expires', 'Policy', 'Signature', 'X-Xet-Cas-Uid', 'response-content-disposition'])(
    'is refused with another %s',
    async (name) => {
      const url = await signedUrl();
      url.searchParams.set(name, '9999999999');
      expect((await fetch(url)).status).toBe(403);
    },
  );

  it('is refused on another path, and without a query', async () => {
    const url = await signedUrl();
    const stripped = new URL(url.pathname, url);
    expect((await fetch(stripped)).status).toBe(403);
    url.pathname = url.pathname.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect((await fetch(url)).status).toBe(403);
  });

  it('is refused the second time if it is for a single use', async () => {
    signing.singleUse = true;
    const url = await signedUrl();
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url)).status).toBe(403);
  });
});

describe('the CDN', () => {
  it('has the Xet hash as ETag, CORS headers for every site, and type and name from the URL', async () => {
    const {headers} = await fetch(await signedUrl());
    const xetHash = content.bucket.releases[0]?.files.find(({path}) =>
      path.endsWith('fst-en-US.bin'),
    )?.xetHash;
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
      'accept-ranges': 'bytes',
      'content-disposition': `inline; filename*=UTF-8''fst-en-US.bin; filename="fst-en-US.bin";`,
      'content-length': String(SIZE),
      'content-type': 'application/octet-stream',
      etag: `"${xetHash}"`,
    });
    expect(headers.has('cross-origin-resource-policy')).toBe(false);
  });

  it.each([
    ['bytes=0-0', 206, `bytes 0-0/${SIZE}`, 1],
    ['bytes=1000-1999', 206, `bytes 1000-1999/${SIZE}`, 1000],
    ['bytes=-500', 206, `bytes ${SIZE - 500}-${SIZE - 1}/${SIZE}`, 500],
    [`bytes=${SIZE}-`, 416, `bytes */${SIZE}`, 0],
  ])('answers the range %s with %i', async (range, status, contentRange, length) => {
    const response = await fetch(await signedUrl(), {headers: {range}});
    expect(response.status).toBe(status);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect((await response.bytes()).byteLength).toBe(length);
  });

  it('has the same bytes in a range as in the complete file', async () => {
    const url = await signedUrl();
    const whole = await (await fetch(url)).bytes();
    const part = await (await fetch(url, {headers: {range: 'bytes=70000-140000'}})).bytes();
    expect(Buffer.from(part).equals(whole.subarray(70_000, 140_001))).toBe(true);
  });

  it('sends the complete file if If-Range names another one', async () => {
    const response = await fetch(await signedUrl(), {headers: {range: 'bytes=0-0', 'if-range': '"another"'}});
    expect(response.status).toBe(200);
  });

  it('allows everything in a preflight', async () => {
    const response = await fetch(await signedUrl(), {method: 'OPTIONS'});
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-headers')).toBe('*');
  });

  it('has its own form of URL on each of its hosts', async () => {
    signing.cdnHost = 'us.gcp.cdn.hf.co';
    const google = await signedUrl();
    expect(google.searchParams.has('response-content-type')).toBe(false);
    signing.cdnHost = 'cas-bridge.xethub.hf.co';
    const bridge = await signedUrl();
    expect(bridge.searchParams.get('X-Amz-Algorithm')).toBe('AWS4-HMAC-SHA256');
    expect((await fetch(google)).status).toBe(200);
    expect((await fetch(bridge)).status).toBe(200);
    expect(google.pathname).toBe(bridge.pathname);
  });

  it('is in the log with the Hub’s URL that redirected there', async () => {
    await (await fetch(`${origin.hub}${PATH}`)).bytes();
    await log.settled();
    expect(log.requests({path: PATH})).toMatchObject([
      {to: 'hub', status: 302},
      {to: 'hubCdn', status: 200, redirectedFrom: `${origin.hub}${PATH}`, bytesSent: SIZE, ended: 'complete'},
    ]);
  });
});
