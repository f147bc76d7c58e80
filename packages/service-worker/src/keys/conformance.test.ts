import {describe, expect, it} from 'vitest';
import {holdsSecret} from '../http/holdsSecret.ts';
import {compileRule, parseQuery} from './compileRule.ts';
import {providers} from './providers.ts';
import type {Rule} from './Rule.ts';
import {signatures} from './signatures.ts';
import {stableKey} from './stableKey.ts';

/** What every row of both tables must show. */
interface Sample {
  of: string;
  url: string;
  key: string;
  /** The same asset, requested once more: signed again, for another account, or spelled differently. */
  again: string;
  /** Parts of the URL that must not be stored. */
  secrets?: string[];
  /** Parameters that choose other bytes, or another way to read them. */
  identity?: string[];
}

const HASH = '33ad745d0c4b4f2a33ad745d0c4b4f2a33ad745d0c4b4f2a33ad745d0c4b4f2a';
const REPO_HASH = '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab';
const COMMIT = 'fbd996df9489a76f0e1323311a17e9dccdbde88b';
const OVERRIDES =
  'response-content-disposition=attachment&response-cache-control=no-store&response-expires=0';

const sigV4 = (signature: string, date: string): string =>
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA${date}%2F${date}%2Fauto%2Fs3%2Faws4_request` +
  `&X-Amz-Date=${date}T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Security-Token=${signature}tok` +
  `&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-S3session-Token=${signature}ses&x-id=GetObject&X-Amz-Signature=${signature}`;

const jwt = (claims: Record<string, unknown>, signature: string): string =>
  ['{"alg":"HS256"}', JSON.stringify(claims), signature]
    .map((part) => btoa(part).replace(/=+$/, ''))
    .join('.');

const supabaseToken = (exp: number, transformations?: string): string =>
  jwt({url: 'b/cat.png', transformations, iat: exp - 60, exp}, `signature of ${exp}`);

const providerSamples: Sample[][] = [
  [
    {
      of: 'hf.co',
      url: 'https://hf.co/org/model/resolve/main/model.onnx',
      key: 'https://huggingface.co/org/model/resolve/main/model.onnx',
      again: 'https://huggingface.co/org/model/resolve/main/model.onnx',
    },
    {
      of: 'huggingface.cn',
      url: 'https://huggingface.cn/datasets/org/set/resolve/main/a.parquet?x=1',
      key: 'https://huggingface.co/datasets/org/set/resolve/main/a.parquet?x=1',
      again: 'https://huggingface.com/datasets/org/set/resolve/main/a.parquet?x=1',
    },
  ],
  [
    {
      of: 'a pull request',
      url: 'https://huggingface.co/org/model/resolve/refs%2Fpr%2F12/model.onnx',
      key: 'https://huggingface.co/org/model/resolve/refs/pr/12/model.onnx',
      again: 'https://huggingface.co/org/model/resolve/refs/pr%2F12/model.onnx',
    },
    {
      of: 'a converted dataset',
      url: 'https://huggingface.co/datasets/org/set/raw/refs%2fconvert%2fparquet/a.json',
      key: 'https://huggingface.co/datasets/org/set/raw/refs/convert/parquet/a.json',
      again: 'https://huggingface.co/datasets/org/set/raw/refs/convert/parquet/a.json',
    },
  ],
  [
    {
      of: 'a nested file',
      url: 'https://huggingface.co/gpt2/resolve/main/onnx%2Fmodel.onnx',
      key: 'https://huggingface.co/gpt2/resolve/main/onnx/model.onnx',
      again: 'https://huggingface.co/gpt2/resolve/main/onnx/model.onnx',
    },
    {
      of: 'a bucket',
      url: 'https://huggingface.co/buckets/org/assets/resolve/en%2Dus%2Fv1%2fmodel.onnx',
      key: 'https://huggingface.co/buckets/org/assets/resolve/en%2Dus/v1/model.onnx',
      again: 'https://huggingface.co/buckets/org/assets/resolve/en%2Dus/v1/model.onnx',
    },
    {
      of: 'the cache of small files',
      url: `https://huggingface.co/api/resolve-cache/datasets/org/set/${COMMIT}/imgs%2F.DS_Store`,
      key: `https://huggingface.co/api/resolve-cache/datasets/org/set/${COMMIT}/imgs/.DS_Store`,
      again: `https://huggingface.co/api/resolve-cache/datasets/org/set/${COMMIT}/imgs/.DS_Store`,
    },
  ],
  [
    {
      of: 'a download',
      url: 'https://hf-mirror.com/org/model/resolve/main/model.onnx?download=true',
      key: 'https://hf-mirror.com/org/model/resolve/main/model.onnx',
      again: 'https://hf-mirror.com/org/model/resolve/main/model.onnx?noContentDisposition=1',
      identity: ['unheard=of'],
    },
  ],
  [
    {
      of: 'a private repository',
      url: 'https://huggingface.co/org/model/resolve/main/model.onnx?token=hf_5ec1e7',
      key: 'https://huggingface.co/org/model/resolve/main/model.onnx',
      again: 'https://hf.co/org/model/resolve/main/model.onnx?__sign=eyJ.5ec1e8&download=true',
      secrets: ['5ec1e7'],
      identity: ['unheard=of'],
    },
  ],
  [
    {
      of: 'a Space',
      url: 'https://org-space.hf.space/file/model.onnx?__sign=eyJ.5ec1e7',
      key: 'https://org-space.hf.space/file/model.onnx',
      again: 'https://org-space.hf.space/file/model.onnx?__sign=eyJ.5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['token=2'],
    },
  ],
  [
    {
      of: 'the cache of small files',
      url: `https://huggingface.co/api/resolve-cache/models/org/model/${COMMIT}/README.md?%2Forg%2Fmodel%2Fresolve%2Fmain%2FREADME.md=&etag=%22d846%22`,
      key: `https://huggingface.co/api/resolve-cache/models/org/model/${COMMIT}/README.md`,
      again: `https://huggingface.co/api/resolve-cache/models/org/model/${COMMIT}/README.md?download=true&etag=%22d846%22`,
    },
  ],
  [
    {
      of: 'the bridge',
      url: `https://cas-bridge.xethub.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}`,
      key: `https://us.aws.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}`,
      again: `https://us-east1.us.gcp.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}`,
    },
    {
      of: 'the older storage',
      url: `https://cdn-lfs-us-1.huggingface.co/repos/9c/56/${REPO_HASH}/${HASH}`,
      key: `https://us.aws.cdn.hf.co/repos/9c/56/${REPO_HASH}/${HASH}`,
      again: `https://cdn-lfs.hf.co/repos/9c/56/${REPO_HASH}/${HASH}`,
    },
  ],
  [
    {
      of: 'a package',
      url: 'https://cdn.jsdelivr.net/npm/@scope/package@1.2.3-dev.20260914/dist/a.wasm?v=2',
      key: 'https://cdn.jsdelivr.net/npm/@scope/package@1.2.3-dev.20260914/dist/a.wasm',
      again: 'https://cdn.jsdelivr.net/npm/@scope/package@1.2.3-dev.20260914/dist/a.wasm?t=1',
    },
    {
      of: 'a commit',
      url: `https://cdn.jsdelivr.net/gh/user/repo@${COMMIT}/a.js?v=2`,
      key: `https://cdn.jsdelivr.net/gh/user/repo@${COMMIT}/a.js`,
      again: `https://cdn.jsdelivr.net/gh/user/repo@${COMMIT}/a.js?`,
    },
    {
      of: 'Pyodide',
      url: 'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide.asm.wasm?x',
      key: 'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide.asm.wasm',
      again: 'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide.asm.wasm',
    },
  ],
];

const signatureSamples: Sample[][] = [
  [
    {
      of: 'Amazon S3',
      url: `https://b.s3.eu-west-1.amazonaws.com/m.onnx?partNumber=2&${sigV4('5ec1e7', '20260101')}&versionId=3&${OVERRIDES}`,
      key: 'https://b.s3.eu-west-1.amazonaws.com/m.onnx?partNumber=2&versionId=3',
      again: `https://b.s3.eu-west-1.amazonaws.com/m.onnx?${sigV4('5ec1e8', '20260102')}&versionId=3&partNumber=2`,
      secrets: ['5ec1e7', 'AKIA20260101'],
      identity: ['versionId=4', 'response-content-type=application%2Fwasm', 'response-content-encoding=gzip'],
    },
    {
      of: 'Cloudflare R2, in lower case',
      url: `https://b.account.r2.cloudflarestorage.com/m.onnx?${sigV4('5ec1e7', '20260101').toLowerCase()}`,
      key: 'https://b.account.r2.cloudflarestorage.com/m.onnx',
      again: `https://b.account.r2.cloudflarestorage.com/m.onnx?${sigV4('5ec1e8', '20260102')}`,
      secrets: ['5ec1e7'],
      identity: ['versionId=4'],
    },
    {
      of: 'Google Cloud Storage',
      url: 'https://storage.googleapis.com/b/m.onnx?generation=7&X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=me%40p.iam&X-Goog-Date=20260101T000000Z&X-Goog-Expires=600&X-Goog-SignedHeaders=host&X-Goog-Content-SHA256=x&userProject=payer&X-Goog-Signature=5ec1e7&alt=media',
      key: 'https://storage.googleapis.com/b/m.onnx?alt=media&generation=7',
      again:
        'https://storage.googleapis.com/b/m.onnx?alt=media&generation=7&x-goog-signature=5ec1e8&x-goog-date=2',
      secrets: ['5ec1e7', 'me%40p.iam', 'payer'],
      identity: ['generation=8', 'response-content-type=application%2Fwasm'],
    },
    {
      of: 'Alibaba OSS',
      url: `https://b.oss-cn-beijing.aliyuncs.com/a.png?x-oss-process=image%2Fresize,w_100&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=LTAI%2F2026&x-oss-date=20260101T000000Z&x-oss-expires=60&x-oss-additional-headers=host&x-oss-security-token=CAIS&x-oss-traffic-limit=819200&x-oss-signature=5ec1e7&${OVERRIDES}`,
      key: 'https://b.oss-cn-beijing.aliyuncs.com/a.png?x-oss-process=image%2Fresize,w_100',
      again:
        'https://b.oss-cn-beijing.aliyuncs.com/a.png?x-oss-signature=5ec1e8&x-oss-process=image%2Fresize,w_100',
      secrets: ['5ec1e7', 'LTAI', 'CAIS'],
      identity: ['versionId=4', 'x-oss-process=style%2Fsmall'],
    },
    {
      of: 'Artifactory',
      url: `https://jfrog.s3.amazonaws.com/filestore/0a/0b?x-jf-traceId=5ec1e9&X-Artifactory-username=me7&${sigV4('5ec1e7', '20260101')}`,
      key: 'https://jfrog.s3.amazonaws.com/filestore/0a/0b',
      again: `https://jfrog.s3.amazonaws.com/filestore/0a/0b?x-jf-traceId=2&X-Artifactory-username=you&${sigV4('5ec1e8', '20260102')}`,
      secrets: ['5ec1e7', '5ec1e9', 'me7'],
      identity: ['versionId=4'],
    },
    {
      of: 'Kingsoft KS3',
      url: 'https://ks3.example.com/m.onnx?X-Kss-Algorithm=KSS4-HMAC-SHA256&X-Kss-Credential=AK7&X-Kss-Date=1&X-Kss-Expires=9&X-Kss-SignedHeaders=host&X-Kss-Signature=5ec1e7',
      key: 'https://ks3.example.com/m.onnx',
      again: 'https://ks3.example.com/m.onnx?X-Kss-Date=2&X-Kss-Signature=5ec1e8',
      secrets: ['5ec1e7', 'AK7'],
      identity: ['versionId=4'],
    },
    {
      of: 'Volcengine TOS',
      url: 'https://b.tos-cn-beijing.volces.com/a.png?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Content-Sha256=x&X-Tos-Credential=AKLT%2F2026&X-Tos-Date=20260101T000000Z&X-Tos-Expires=60&X-Tos-SignedHeaders=host&X-Tos-Security-Token=nCgd&X-Tos-Policy=eyJ&X-Tos-Signature=5ec1e7',
      key: 'https://b.tos-cn-beijing.volces.com/a.png',
      again: 'https://b.tos-cn-beijing.volces.com/a.png?X-Tos-Date=20260102T000000Z&X-Tos-Signature=5ec1e8',
      secrets: ['5ec1e7', 'AKLT', 'nCgd', 'eyJ'],
      identity: ['versionId=4', 'x-tos-process=image%2Fresize,w_100'],
    },
  ],
  [
    {
      of: 'Amazon S3',
      url: `https://s3.amazonaws.com/b/m.onnx?AWSAccessKeyId=AKIA&Expires=1767225600&Signature=5ec1e7%3D&x-amz-security-token=FwoG&${OVERRIDES}`,
      key: 'https://s3.amazonaws.com/b/m.onnx',
      again: 'https://s3.amazonaws.com/b/m.onnx?Expires=1767229200&Signature=5ec1e8&AWSAccessKeyId=AKIA',
      secrets: ['5ec1e7', 'AKIA', 'FwoG'],
      identity: ['versionId=4', 'partNumber=2'],
    },
    {
      of: 'Google Cloud Storage',
      url: 'https://storage.googleapis.com/b/m.onnx?GoogleAccessId=me%40p.iam&Expires=1767225600&Signature=5ec1e7&userProject=payer',
      key: 'https://storage.googleapis.com/b/m.onnx',
      again:
        'https://storage.googleapis.com/b/m.onnx?GoogleAccessId=you%40p.iam&Expires=1767229200&Signature=x',
      secrets: ['5ec1e7', 'me%40p.iam', 'payer'],
      identity: ['generation=8', 'alt=media'],
    },
    {
      of: 'Alibaba OSS',
      url: 'https://b.oss-cn-beijing.aliyuncs.com/m.onnx?OSSAccessKeyId=LTAI&Expires=1767225600&Signature=5ec1e7&security-token=CAIS&x-oss-traffic-limit=819200',
      key: 'https://b.oss-cn-beijing.aliyuncs.com/m.onnx',
      again:
        'https://b.oss-cn-beijing.aliyuncs.com/m.onnx?OSSAccessKeyId=LTAI&Expires=1767229200&Signature=x',
      secrets: ['5ec1e7', 'LTAI', 'CAIS'],
      identity: ['versionId=4', 'x-oss-process=image%2Fresize,w_100'],
    },
    {
      of: 'Huawei OBS',
      url: 'https://b.obs.cn-north-4.myhuaweicloud.com/m.onnx?AccessKeyId=AK7&Expires=1767225600&Signature=5ec1e7&x-obs-security-token=tok7',
      key: 'https://b.obs.cn-north-4.myhuaweicloud.com/m.onnx',
      again:
        'https://b.obs.cn-north-4.myhuaweicloud.com/m.onnx?AccessKeyId=AK7&Expires=1767229200&Signature=x',
      secrets: ['5ec1e7', 'AK7', 'tok7'],
      identity: ['versionId=4', 'x-image-process=image%2Fresize,w_100'],
    },
  ],
  [
    {
      of: 'CloudFront before S3',
      url: `https://d111111abcdef8.cloudfront.net/m.onnx?Expires=1767225600&Signature=5ec1e7~-_&Key-Pair-Id=K2JC&${OVERRIDES}`,
      key: 'https://d111111abcdef8.cloudfront.net/m.onnx',
      again: 'https://d111111abcdef8.cloudfront.net/m.onnx?Policy=eyJ&Signature=5ec1e8&Key-Pair-Id=K2JC',
      secrets: ['5ec1e7'],
      identity: ['response-content-type=application%2Fwasm'],
    },
    {
      of: 'CloudFront, canned',
      url: 'https://d111111abcdef8.cloudfront.net/m.onnx?Expires=1767225600&Signature=5ec1e7~-_&Key-Pair-Id=K2JC&Hash-Algorithm=SHA256',
      key: 'https://d111111abcdef8.cloudfront.net/m.onnx',
      again: 'https://d111111abcdef8.cloudfront.net/m.onnx?Policy=eyJ&Signature=5ec1e8&Key-Pair-Id=K2JC',
      secrets: ['5ec1e7', 'K2JC'],
      identity: ['versionId=4', 'width=100'],
    },
    {
      of: 'CloudFront, custom',
      url: 'https://cdn.example.com/m.onnx?a=1&Policy=eyJ&Signature=5ec1e7&Key-Pair-Id=K2JC&b=2',
      key: 'https://cdn.example.com/m.onnx?a=1&b=2',
      again: 'https://cdn.example.com/m.onnx?Expires=1767225600&a=1&Signature=5ec1e8&b=2&Key-Pair-Id=K2JC',
      secrets: ['5ec1e7', 'eyJ'],
      identity: ['a=2'],
    },
  ],
  [
    {
      of: 'Cloud CDN',
      url: 'https://media.example.com/m.onnx?URLPrefix=aHR0cHM6&Expires=1767225600&KeyName=key-1&Signature=5ec1e7',
      key: 'https://media.example.com/m.onnx',
      again: 'https://media.example.com/m.onnx?Expires=1767229200&KeyName=key-2&Signature=5ec1e8',
      secrets: ['5ec1e7', 'key-1', 'aHR0cHM6'],
      identity: ['width=100'],
    },
  ],
  [
    {
      of: 'Media CDN, tokens',
      url: 'https://media.example.com/a.m3u8?edge-cache-token=URLPrefix=aHR0cHM6~Expires=1767225600~hmac=5ec1e7&q=1',
      key: 'https://media.example.com/a.m3u8?q=1',
      again:
        'https://media.example.com/a.m3u8?q=1&edge-cache-token=FullPath~Expires=1767229200~Signature=5ec1e8',
      secrets: ['5ec1e7', 'aHR0cHM6'],
      identity: ['q=2'],
    },
  ],
  [
    {
      of: 'Media CDN, in the path',
      url: 'https://media.example.com/video/edge-cache-token=Expires=1767225600&KeyName=key-1&Signature=5ec1e7/a.m3u8?q=1',
      key: 'https://media.example.com/video/a.m3u8?q=1',
      again: 'https://media.example.com/video/edge-cache-token=Expires=1~hmac=5ec1e8/a.m3u8?q=1',
      secrets: ['5ec1e7', 'key-1'],
      identity: ['q=2'],
    },
  ],
  [
    {
      of: 'Azure, delegated by a user',
      url: 'https://account.blob.core.windows.net/c/m.onnx?sv=2025-07-05&st=2026-01-01T00%3A00%3A00Z&se=2026-01-02T00%3A00%3A00Z&skoid=0a&sktid=0b&skt=2026&ske=2026&sks=b&skv=2025-07-05&sr=b&sp=r&sip=1.2.3.4&spr=https&rscd=inline&rscc=private&sig=5ec1e7%3D&_=1767225600000',
      key: 'https://account.blob.core.windows.net/c/m.onnx',
      again: 'https://account.blob.core.windows.net/c/m.onnx?sp=r&sr=c&si=policy&sv=2024-11-04&sig=5ec1e8',
      secrets: ['5ec1e7', '1.2.3.4'],
      identity: [
        'snapshot=2026-01-01T00%3A00%3A00Z',
        'versionid=2026',
        'comp=list',
        'rsct=application%2Fwasm',
      ],
    },
  ],
  [
    {
      of: 'GitHub',
      url: 'https://release-assets.githubusercontent.com/github-production-release-asset/1/0a?sp=r&sv=2018-11-09&sr=b&spr=https&se=2026&rscd=attachment&rsct=application%2Foctet-stream&skoid=0a&sktid=0b&skt=1&ske=2&sks=b&skv=2018-11-09&sig=5ec1e7&jwt=eyJ0&response-content-disposition=attachment&response-content-type=application%2Foctet-stream',
      key: 'https://release-assets.githubusercontent.com/github-production-release-asset/1/0a',
      again: 'https://release-assets.githubusercontent.com/github-production-release-asset/1/0a?jwt=eyJ1',
      secrets: ['5ec1e7', 'eyJ0'],
    },
  ],
  [
    {
      of: 'GitHub, a private file',
      url: 'https://raw.githubusercontent.com/org/repo/main/m.onnx?token=5ec1e7AAAAAAAAAAAAAAAAAAAAAAA',
      key: 'https://raw.githubusercontent.com/org/repo/main/m.onnx',
      again: 'https://raw.githubusercontent.com/org/repo/main/m.onnx?token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['ref=x'],
    },
    {
      of: 'GitHub, large files',
      url: 'https://media.githubusercontent.com/media/org/repo/main/m.onnx?token=5ec1e7',
      key: 'https://media.githubusercontent.com/media/org/repo/main/m.onnx',
      again: 'https://media.githubusercontent.com/media/org/repo/main/m.onnx?token=5ec1e8',
      secrets: ['5ec1e7'],
    },
    {
      of: 'GitHub, packages',
      url: 'https://pkg-containers.githubusercontent.com/ghcr1/blobs/sha256:0a?se=2026&sig=5ec1e7%3D&sp=r&sv=2019-12-12&hmac=5ec1e9',
      key: 'https://pkg-containers.githubusercontent.com/ghcr1/blobs/sha256:0a',
      again:
        'https://pkg-containers.githubusercontent.com/ghcr1/blobs/sha256:0a?se=2027&sig=5ec1e8&sv=2019-12-12&hmac=1',
      secrets: ['5ec1e7', '5ec1e9'],
      identity: ['v=2'],
    },
    {
      of: 'GitHub, attachments on S3',
      url: `https://github-production-user-asset-6210df.s3.amazonaws.com/1/a.png?actor_id=7&key_id=0&repo_id=0&${sigV4('5ec1e7', '20260101')}`,
      key: 'https://github-production-user-asset-6210df.s3.amazonaws.com/1/a.png',
      again: `https://github-production-user-asset-6210df.s3.amazonaws.com/1/a.png?actor_id=8&${sigV4('5ec1e8', '20260102')}`,
      secrets: ['5ec1e7', 'actor_id=7'],
      identity: ['versionId=4'],
    },
    {
      of: 'GitHub, attachments',
      url: 'https://private-user-images.githubusercontent.com/1/2-0a.png?jwt=eyJ0.5ec1e7',
      key: 'https://private-user-images.githubusercontent.com/1/2-0a.png',
      again: 'https://private-user-images.githubusercontent.com/1/2-0a.png?jwt=eyJ1',
      secrets: ['5ec1e7'],
    },
  ],
  [
    {
      of: 'the Hub in 2026',
      url: `https://us.aws.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}?response-content-type=a&response-content-disposition=inline&X-Xet-Cas-Uid=6a5b&user_id=6a5b&Expires=1&Policy=eyJ&Signature=5ec1e7&Key-Pair-Id=01KA`,
      key: `https://us.aws.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}`,
      again: `https://us.gcp.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}?X-Xet-Cas-Uid=public&user_id=public&Expires=2&Policy=eyK&Signature=5ec1e8&Key-Pair-Id=01KB`,
      secrets: ['5ec1e7', 'eyJ', '6a5b', '01KA'],
      identity: ['X-Xet-Signed-Range=bytes%3D0-99'],
    },
    {
      of: 'the Hub in 2025, signed twice',
      url: `https://cas-bridge.xethub.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}?${sigV4('5ec1e7', '20260101')}&X-Xet-Cas-Uid=6a5b&response-content-type=a&Expires=1&Policy=eyJ&Signature=5ec1e9&Key-Pair-Id=K2JC`,
      key: `https://us.aws.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}`,
      again: `https://cas-bridge-direct.xethub.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}`,
      secrets: ['5ec1e7', '5ec1e9', '6a5b'],
    },
    {
      of: 'chunks',
      url: `https://transfer.xethub.hf.co/xorbs/default/${HASH}?X-Xet-Signed-Range=bytes%3D0-57388423&Expires=1&Policy=eyJ&Signature=5ec1e7&Key-Pair-Id=K2JC&user_id=6a5b&repo_id=9`,
      key: `https://transfer.xethub.hf.co/xorbs/default/${HASH}?X-Xet-Signed-Range=bytes%3D0-57388423`,
      again: `https://transfer.xethub.hf.co/xorbs/default/${HASH}?Expires=2&X-Xet-Signed-Range=bytes%3D0-57388423`,
      secrets: ['5ec1e7', 'eyJ', '6a5b'],
      identity: ['X-Xet-Signed-Range=bytes%3D9-10'],
    },
  ],
  [
    {
      of: 'Tencent COS',
      url: `https://b-125.cos.ap-beijing.myqcloud.com/a.png?versionId=4&imageMogr2/thumbnail/!50p&q-sign-algorithm=sha1&q-ak=AKID&q-sign-time=1%3B2&q-key-time=1%3B2&q-header-list=host&q-url-param-list=imagemogr2&q-signature=5ec1e7&x-cos-security-token=tok7&token=tok8&clientIP=1.2.3.4&clientUA=x&${OVERRIDES}`,
      key: 'https://b-125.cos.ap-beijing.myqcloud.com/a.png?imageMogr2/thumbnail/!50p&versionId=4',
      again:
        'https://b-125.cos.ap-beijing.myqcloud.com/a.png?imageMogr2/thumbnail/!50p&versionId=4&q-sign-algorithm=sha1&q-signature=5ec1e8',
      secrets: ['5ec1e7', 'AKID', 'tok7', 'tok8', '1.2.3.4'],
      identity: ['versionId=5', 'imageMogr2/thumbnail/!90p'],
    },
  ],
  [
    {
      of: 'Baidu BOS',
      url: 'https://cdn.example.com/m.onnx?authorization=bce-auth-v1%2F5ec1e7%2F2026-01-01T00%3A00%3A00Z%2F1800%2Fhost%2Fabc&x-bce-security-token=tok7',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?authorization=bce-auth-v1/5ec1e8/2026/1800/host/abc',
      secrets: ['5ec1e7', 'tok7'],
      identity: ['x-bce-process=image%2Fresize'],
    },
  ],
  [
    {
      of: 'Qiniu',
      url: 'https://files.example.cn/a.png?imageView2/1/w/120&e=1767225600&token=MY_ACCESS-KEY%3A5ec1e7_-%3D',
      key: 'https://files.example.cn/a.png?imageView2/1/w/120',
      again: 'https://files.example.cn/a.png?imageView2/1/w/120&e=1767229200&token=MY_ACCESS-KEY:5ec1e8_-=',
      secrets: ['5ec1e7', 'MY_ACCESS-KEY'],
      identity: ['imageView2/1/w/240'],
    },
  ],
  [
    {
      of: 'nginx',
      url: 'https://cdn.example.com/m.onnx?md5=DMF1ucDxtHCxwYQ_-abc12&expires=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?expires=1767229200&md5=EMF1ucDxtHCxwYQ_-abc12%3D%3D',
      secrets: ['DMF1ucDxtHCxwYQ_-abc12', '1767225600'],
      identity: ['md5=0123456789abcdef0123456789abcdef', 'v=2', 'width=100'],
    },
    {
      of: 'imgix on a host of its own',
      url: 'https://cdn.example.com/m.onnx?w=100&expires=1767225600&s=0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx?w=100',
      again: 'https://cdn.example.com/m.onnx?w=100&expires=1767229200&s=fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['w=200', 's=large'],
    },
    {
      of: 'Laravel',
      url: 'https://cdn.example.com/m.onnx?expires=1767225600&signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again:
        'https://cdn.example.com/m.onnx?expires=1767229200&signature=fedcba98765432100123456789abcdeffedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
    {
      of: 'UploadThing',
      url: 'https://cdn.example.com/m.onnx?expires=1767225600000&signature=hmac-sha256%3D0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again:
        'https://cdn.example.com/m.onnx?expires=1767229200000&signature=hmac-sha256=fedcba98765432100123456789abcdeffedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
    {
      of: 'JW Player',
      url: 'https://cdn.example.com/m.onnx?exp=1767225600&sig=0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?exp=1767229200&sig=fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
    {
      of: 'Cloudflare Images',
      url: 'https://imagedelivery.net/0a/id/public?exp=1767225600&sig=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      key: 'https://imagedelivery.net/0a/id/public',
      again:
        'https://imagedelivery.net/0a/id/public?sig=fedcba98765432100123456789abcdeffedcba98765432100123456789abcdef&exp=1767229200',
      secrets: ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
    },
    {
      of: 'lighttpd',
      url: 'https://cdn.example.com/m.onnx?st=DMF1ucDxtHCxwYQ_-abc12&e=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?st=EMF1ucDxtHCxwYQ_-abc12&e=1767229200',
      secrets: ['DMF1ucDxtHCxwYQ_-abc12'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'KeyCDN',
      url: 'https://cdn.example.com/m.onnx?token=DMF1ucDxtHCxwYQ_-abc12&expire=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?token=EMF1ucDxtHCxwYQ_-abc12&expire=1767229200',
      secrets: ['DMF1ucDxtHCxwYQ_-abc12'],
      identity: ['v=2'],
    },
    {
      of: 'Docker Hub',
      url: 'https://cdn.example.com/m.onnx?expires=1767225600&signature=IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy%2FcSDiIU%3D&version=2',
      key: 'https://cdn.example.com/m.onnx?version=2',
      again:
        'https://cdn.example.com/m.onnx?expires=1767229200&signature=bIaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uycSDiIU%3D&version=2',
      secrets: ['IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy'],
      identity: ['v=2'],
    },
    {
      of: 'QingStor',
      url: 'https://cdn.example.com/m.onnx?signature=IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy%2FcSDiIU%3D&access_key_id=QYAC5ec1e7&expires=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again:
        'https://cdn.example.com/m.onnx?signature=bIaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uycSDiIU%3D&access_key_id=QYAC5ec1e8&expires=1767229200',
      secrets: ['IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy', 'QYAC5ec1e7'],
      identity: ['v=2'],
    },
    {
      of: 'Notion',
      url: 'https://file.notion.so/f/f/s/m.onnx?id=1&expirationTimestamp=1767225600000&signature=IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy_cSDiIU',
      key: 'https://file.notion.so/f/f/s/m.onnx?id=1',
      again:
        'https://file.notion.so/f/f/s/m.onnx?id=1&expirationTimestamp=1767229200000&signature=bIaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy-cSDiI',
      secrets: ['IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy'],
      identity: ['id=2'],
    },
    {
      of: 'nginx, with other names',
      url: 'https://cdn.example.com/m.onnx?md5=DMF1ucDxtHCxwYQ_-abc12&e=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?hash=EMF1ucDxtHCxwYQ_-abc12&exp=1767229200',
      secrets: ['DMF1ucDxtHCxwYQ_-abc12'],
      identity: ['hash=0123456789abcdef0123456789abcdef', 'e=2'],
    },
  ],
  [
    {
      of: 'Edgio',
      url: 'https://cdn.example.com/m.onnx?e=1767225600&ip=1.2.3.4&h=0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?e=1767229200&h=fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef', '1.2.3.4'],
      identity: ['s=large', 'p=2'],
    },
  ],
  [
    {
      of: 'Edgio with a start',
      url: 'https://cdn.example.com/m.onnx?s=1767222000&e=1767225600&h=0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?s=1767225600&e=1767229200&h=fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef', '1767222000'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'CDN77',
      url: 'https://cdn.example.com/m.onnx?secure=DMF1ucDxtHCxwYQ_-abc12==,1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?secure=EMF1ucDxtHCxwYQ_-abc12%3D%3D%2C1767229200',
      secrets: ['DMF1ucDxtHCxwYQ_-abc12'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'CDN77, in the path',
      url: 'https://cdn.example.com/DMF1ucDxtHCxwYQ_-abc12==,1767225600/a/m.onnx?v=1',
      key: 'https://cdn.example.com/a/m.onnx?v=1',
      again: 'https://cdn.example.com/EMF1ucDxtHCxwYQ_-abc12,1767229200/a/m.onnx?v=1',
      secrets: ['DMF1ucDxtHCxwYQ_-abc12', '1767225600'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Alibaba Cloud CDN',
      url: 'https://cdn.example.com/m.onnx?auth_key=1767225600-477b3bbc253f467b8def6711128c7bec-0-0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?auth_key=1767229200-0-0-fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef', '1767225600'],
      identity: ['v=2'],
    },
    {
      of: 'Tencent Cloud CDN',
      url: 'https://cdn.example.com/m.onnx?sign=1767225600-477b3bbc253f467b8def6711128c7bec-0-0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?sign=1767229200-0-0-fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef', '1767225600'],
      identity: ['v=2'],
    },
    {
      of: 'Tencent Cloud CDN, another name',
      url: 'https://cdn.example.com/m.onnx?key=1767225600-0-0-0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?key=1767229200-1-0-fedcba9876543210fedcba9876543210',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['key=2', 'v=1767225600-0-0-0123456789abcdef0123456789abcdef'],
    },
    {
      of: 'ModelScope',
      url: 'https://cdn-lfs-cn-1.modelscope.cn/prod/lfs-objects/0a/0b/fedcba98765432100123456789abcdef?filename=m.onnx&auth_key=1767225600-477b3bbc253f467b8def6711128c7bec-0-0123456789abcdef0123456789abcdef',
      key: 'https://cdn-lfs-cn-1.modelscope.cn/prod/lfs-objects/0a/0b/fedcba98765432100123456789abcdef?filename=m.onnx',
      again:
        'https://cdn-lfs-cn-1.modelscope.cn/prod/lfs-objects/0a/0b/fedcba98765432100123456789abcdef?filename=m.onnx&auth_key=1767229200-0-0-fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['revision=2'],
    },
  ],
  [
    {
      of: 'Alibaba Cloud CDN, type C',
      url: 'https://cdn.example.com/m.onnx?KEY1=0123456789abcdef0123456789abcdef&KEY2=65f1a2b3',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?KEY1=fedcba9876543210fedcba9876543210&KEY2=65f1a2b4',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['KEY1=2'],
    },
  ],
  [
    {
      of: 'Tencent Cloud CDN, type D',
      url: 'https://cdn.example.com/m.onnx?sign=0123456789abcdef0123456789abcdef&t=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?sign=fedcba98765432100123456789abcdef&t=5e577978',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['time=30', 'v=2'],
    },
    {
      of: 'Alibaba Cloud CDN, type F',
      url: 'https://cdn.example.com/m.onnx?sign=0123456789abcdef0123456789abcdef&time=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?sign=fedcba98765432100123456789abcdef&time=1767229200',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['t=30'],
    },
  ],
  [
    {
      of: 'Huawei Cloud CDN',
      url: 'https://cdn.example.com/m.onnx?auth_key=0123456789abcdef0123456789abcdef&timestamp=5e577978',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?auth_key=fedcba98765432100123456789abcdef&timestamp=5e577979',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Tencent VOD',
      url: 'https://1500012345.vod2.myqcloud.com/0a/0b/f0.mp4?t=5e577978&us=72d4cd1101&rlimit=3&sign=0123456789abcdef0123456789abcdef',
      key: 'https://1500012345.vod2.myqcloud.com/0a/0b/f0.mp4',
      again:
        'https://1500012345.vod2.myqcloud.com/0a/0b/f0.mp4?t=5e577979&us=0a&sign=fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef', '72d4cd1101'],
      identity: ['exper=30'],
    },
  ],
  [
    {
      of: 'Wangsu',
      url: 'https://cdn.example.com/m.onnx?wsSecret=0123456789abcdef0123456789abcdef&wsTime=1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?wsSecret=fedcba98765432100123456789abcdef&wsTime=5e577978',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
    {
      of: 'Tencent Cloud, streams',
      url: 'https://cdn.example.com/m.onnx?txSecret=0123456789abcdef0123456789abcdef&txTime=65F1A2B3',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?txSecret=fedcba9876543210fedcba9876543210&txTime=65F1A2B4',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'UPYUN',
      url: 'https://cdn.example.com/m.onnx?_upt=5ec1e7ab1767225600',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?_upt=5ec1e8ab1767229200',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'OVHcloud',
      url: 'https://cdn.example.com/m.onnx?temp_url_sig=5ec1e7&temp_url_expires=1767225600&temp_url_prefix=m&filename=a.onnx&inline',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?temp_url_sig=5ec1e8&temp_url_expires=1767229200',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Oracle',
      url: 'https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/5ec1e7_-aaaaaaaaaaaaaaaaa/n/ns/b/models/o/a/m.onnx',
      key: 'https://objectstorage.eu-frankfurt-1.oraclecloud.com/n/ns/b/models/o/a/m.onnx',
      again: 'https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/5ec1e8/n/ns/b/models/o/a/m.onnx',
      secrets: ['5ec1e7'],
      identity: ['versionId=2'],
    },
  ],
  [
    {
      of: 'Cloudflare',
      url: 'https://cdn.example.com/m.onnx?verify=1767225600-IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy%2FcSDiIU%3D',
      key: 'https://cdn.example.com/m.onnx',
      again:
        'https://cdn.example.com/m.onnx?verify=1767229200-IbLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy%2FcSDiIU%3D',
      secrets: ['IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy%2FcSDiIU%3D'],
      identity: ['v=2'],
    },
    {
      of: 'Cloudflare, another name',
      url: 'https://cdn.example.com/m.onnx?cf_token=1767225600-IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy%2FcSDiIU%3D',
      key: 'https://cdn.example.com/m.onnx',
      again:
        'https://cdn.example.com/m.onnx?cf_token=1767229200-bIaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uycSDiIU%3D',
      secrets: ['IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy'],
      identity: ['v=1767225600-fbd996df9489a76f0e1323311a17e9dccdbde88b'],
    },
  ],
  [
    {
      of: 'Discord',
      url: 'https://cdn.discordapp.com/attachments/1/2/m.onnx?ex=6567a1b2&is=6552a1b2&hm=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef&',
      key: 'https://cdn.discordapp.com/attachments/1/2/m.onnx',
      again:
        'https://cdn.discordapp.com/attachments/1/2/m.onnx?hm=fedcba98765432100123456789abcdeffedcba98765432100123456789abcdef&is=6552a1b3&ex=6567a1b3',
      secrets: ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'],
      identity: ['width=100', 'format=webp'],
    },
  ],
  [
    {
      of: 'Vercel Blob',
      url: 'https://store.private.blob.vercel-storage.com/m.onnx?vercel-blob-delegation=5ec1e7&vercel-blob-valid-until=1767225600&vercel-blob-signature=5ec1e9',
      key: 'https://store.private.blob.vercel-storage.com/m.onnx',
      again:
        'https://store.private.blob.vercel-storage.com/m.onnx?vercel-blob-signature=5ec1e8&vercel-blob-delegation=x',
      secrets: ['5ec1e7', '5ec1e9'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Firebase',
      url: 'https://firebasestorage.googleapis.com/v0/b/p.appspot.com/o/models%2Fm.onnx?alt=media&token=5ec1e700-0000',
      key: 'https://firebasestorage.googleapis.com/v0/b/p.appspot.com/o/models%2Fm.onnx?alt=media',
      again: 'https://firebasestorage.googleapis.com/v0/b/p.appspot.com/o/models%2Fm.onnx?token=5&alt=media',
      secrets: ['5ec1e700'],
      identity: ['generation=8'],
    },
  ],
  [
    {
      of: 'Supabase, a file',
      url: `https://p.supabase.co/storage/v1/object/sign/b/cat.png?token=${supabaseToken(1767225600)}&download=cat.png`,
      key: 'https://p.supabase.co/storage/v1/object/sign/b/cat.png',
      again: `https://p.supabase.co/storage/v1/object/sign/b/cat.png?token=${supabaseToken(1767229200)}`,
      secrets: supabaseToken(1767225600).split('.'),
      identity: ['cacheNonce=1'],
    },
    {
      of: 'Supabase, an image',
      url: `https://p.supabase.co/storage/v1/render/image/sign/b/cat.png?token=${supabaseToken(1767225600, 'width:100,resize:cover')}`,
      key: 'https://p.supabase.co/storage/v1/render/image/sign/b/cat.png?holdfast-transformations=width%3A100%2Cresize%3Acover',
      again: `https://p.supabase.co/storage/v1/render/image/sign/b/cat.png?token=${supabaseToken(1767229200, 'width:100,resize:cover')}`,
      secrets: supabaseToken(1767225600, 'width:100,resize:cover').split('.'),
    },
  ],
  [
    {
      of: 'Akamai',
      url: 'https://files.example.com/m.onnx?hdnea=st=1767225600~exp=1767229200~acl=/*~hmac=5ec1e7',
      key: 'https://files.example.com/m.onnx',
      again: 'https://files.example.com/m.onnx?hdnts=exp%3D1767232800%7Eacl%3D%2F%2A%7Ehmac%3D5ec1e8',
      secrets: ['5ec1e7', 'acl'],
      identity: ['q=2'],
    },
    {
      of: 'Akamai, the default name',
      url: 'https://files.example.com/m.onnx?__token__=exp=1767229200~acl=/*~hmac=5ec1e7&q=1',
      key: 'https://files.example.com/m.onnx?q=1',
      again: 'https://files.example.com/m.onnx?q=1&__token__=exp=1767232800~acl=/*~hmac=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['q=2'],
    },
    {
      of: 'Uploadcare',
      url: 'https://cdn.example.com/0a/?token=exp=1767229200~acl=/0a/~hmac=5ec1e7',
      key: 'https://cdn.example.com/0a/',
      again: 'https://cdn.example.com/0a/?__cld_token__=exp=1767232800~acl=/0a/~hmac=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['token=2', 'exp=1~hmac'],
    },
  ],
  [
    {
      of: 'Akamai, in the path',
      url: 'https://files.example.com/hdnts=st=1767225600~exp=1767229200~acl=/*~hmac=5ec1e7/a/m.onnx',
      key: 'https://files.example.com/a/m.onnx',
      again: 'https://files.example.com/hdntl=exp=1767232800~acl=%2f*~data=hdntl~hmac=5ec1e8/a/m.onnx',
      secrets: ['5ec1e7', 'acl'],
      identity: ['q=2'],
    },
    {
      of: 'Vimeo',
      url: 'https://vod.example.com/exp=1767229200~acl=%2F123%2F%2A~hmac=5ec1e7/123/a.mp4',
      key: 'https://vod.example.com/123/a.mp4',
      again: 'https://vod.example.com/exp=1767232800~acl=%2F123%2F%2A~hmac=5ec1e8/123/a.mp4',
      secrets: ['5ec1e7'],
      identity: ['q=2'],
    },
  ],
  [
    {
      of: 'Akamai, the version before',
      url: 'https://cdn.example.com/m.onnx?__gda__=1767225600_0123456789abcdef0123456789abcdef',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?__gda__=1767229200_fedcba98765432100123456789abcdef',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Bunny, advanced',
      url: 'https://zone.b-cdn.net/m.onnx?token=HS256-5ec1e7aaaaaaaaaaaaaaaaaaaa&expires=1767225600&token_path=%2F&token_countries=DE&token_countries_blocked=FR&token_ignore_params=true&limit=9',
      key: 'https://zone.b-cdn.net/m.onnx',
      again: 'https://zone.b-cdn.net/m.onnx?token=m0EMEkV3pNAKFB33gZuv_Q&expires=1767229200',
      secrets: ['5ec1e7'],
      identity: ['width=100'],
    },
  ],
  [
    {
      of: 'Bunny, in the path',
      url: 'https://zone.b-cdn.net/bcdn_token=HS256-5ec1e7&expires=1767225600&token_path=%2Fvideos%2F/videos/a.m3u8',
      key: 'https://zone.b-cdn.net/videos/a.m3u8',
      again: 'https://zone.b-cdn.net/bcdn_token=HS256-5ec1e8&expires=1767229200/videos/a.m3u8',
      secrets: ['5ec1e7', 'token'],
      identity: ['width=100'],
    },
  ],
  [
    {
      of: 'Fastly',
      url: 'https://files.example.com/m.onnx?token=1767225600_5ec1e75ec1e75ec1e75ec1e75ec1e75ec1e75ec1e75ec1',
      key: 'https://files.example.com/m.onnx',
      again:
        'https://files.example.com/m.onnx?token=1767229200_5ec1e85ec1e75ec1e75ec1e75ec1e75ec1e75ec1e75ec1',
      secrets: ['5ec1e7'],
      identity: ['q=2'],
    },
    {
      of: 'Epic Games',
      url: 'https://cdn.example.com/m.onnx?f_token=1767225600_0123456789abcdef0123456789abcdef01234567',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?f_token=1767229200_0123456789abcdef0123456789abcdef01234568',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['v=1767225600_fbd996df9489a76f0e1323311a17e9dccdbde88b'],
    },
  ],
  [
    {
      of: 'Backblaze B2, by name',
      url: 'https://f345.backblazeb2.com/file/photos/kitten.jpg?Authorization=3_2026_5ec1e7&b2ContentDisposition=attachment&b2CacheControl=x&b2Expires=y',
      key: 'https://f345.backblazeb2.com/file/photos/kitten.jpg',
      again: 'https://f345.backblazeb2.com/file/photos/kitten.jpg?Authorization=3_2026_5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['b2ContentType=image%2Fpng'],
    },
    {
      of: 'Backblaze B2, by id',
      url: 'https://f345.backblazeb2.com/b2api/v3/b2_download_file_by_id?fileId=4_z27&Authorization=3_2026_5ec1e7',
      key: 'https://f345.backblazeb2.com/b2api/v3/b2_download_file_by_id?fileId=4_z27',
      again: 'https://f345.backblazeb2.com/b2api/v3/b2_download_file_by_id?Authorization=x&fileId=4_z27',
      secrets: ['5ec1e7'],
      identity: ['fileId=4_z28'],
    },
  ],
  [
    {
      of: 'GitLab',
      url: 'https://cdn.example.com/group/project/-/raw/main/m.onnx?inline=false&token=5ec1e7',
      key: 'https://cdn.example.com/group/project/-/raw/main/m.onnx?inline=false',
      again: 'https://cdn.example.com/group/project/-/raw/main/m.onnx?token=5ec1e8&inline=false',
      secrets: ['5ec1e7'],
      identity: ['lfs=false', 'ref=x'],
    },
    {
      of: 'GitLab, packages',
      url: 'https://gitlab.example.com/api/v4/projects/1/packages/generic/m/1/m.onnx?private_token=glpat-5ec1e7',
      key: 'https://gitlab.example.com/api/v4/projects/1/packages/generic/m/1/m.onnx',
      again: 'https://gitlab.example.com/api/v4/projects/1/packages/generic/m/1/m.onnx?job_token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['select=a'],
    },
    {
      of: 'PocketBase',
      url: 'https://pb.example.com/api/files/c/r/m.onnx?thumb=1x1&token=eyJ.5ec1e7',
      key: 'https://pb.example.com/api/files/c/r/m.onnx?thumb=1x1',
      again: 'https://pb.example.com/api/files/c/r/m.onnx?token=eyJ.5ec1e8&thumb=1x1',
      secrets: ['5ec1e7'],
      identity: ['thumb=2x2'],
    },
    {
      of: 'Appwrite',
      url: 'https://a.example.com/v1/storage/buckets/b/files/f/view?project=p&token=5ec1e7',
      key: 'https://a.example.com/v1/storage/buckets/b/files/f/view?project=p',
      again: 'https://a.example.com/v1/storage/buckets/b/files/f/view?token=5ec1e8&project=p',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
  ],
  [
    {
      of: 'Cloudinary',
      url: 'https://res.cloudinary.com/demo/image/authenticated/s--5ec1e7aa--/w_300/a.png',
      key: 'https://res.cloudinary.com/demo/image/authenticated/w_300/a.png',
      again: 'https://res.cloudinary.com/demo/image/authenticated/s--5ec1e8aa--/w_300/a.png',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Cloudinary, a download',
      url: 'https://api.cloudinary.com/v1_1/demo/image/download?api_key=1&expires_at=1767225600&format=png&public_id=a&signature=5ec1e7&timestamp=2',
      key: 'https://api.cloudinary.com/v1_1/demo/image/download?format=png&public_id=a',
      again:
        'https://api.cloudinary.com/v1_1/demo/image/download?format=png&public_id=a&signature=x&timestamp=3',
      secrets: ['5ec1e7'],
      identity: ['public_id=b'],
    },
  ],
  [
    {
      of: 'imgproxy',
      url: 'https://img.example.com/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/rs:fit:300:300/exp:1767225600/plain/local:///a.png',
      key: 'https://img.example.com/rs:fit:300:300/plain/local:///a.png',
      again:
        'https://img.example.com/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/rs:fit:300:300/exp:1767229200/plain/local:///a.png',
      secrets: ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', '1767225600'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'ImageKit',
      url: 'https://cdn.example.com/m.onnx?tr=w-100&ik-t=1767225600&ik-s=0123456789abcdef0123456789abcdef01234567',
      key: 'https://cdn.example.com/m.onnx?tr=w-100',
      again:
        'https://cdn.example.com/m.onnx?tr=w-100&ik-s=fedcba98765432100123456789abcdef01234567&ik-t=1767229200',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['tr=w-200'],
    },
  ],
  [
    {
      of: 'Filestack',
      url: 'https://cdn.filestackcontent.com/handle?policy=eyJleHBpcnkiOjF9&signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      key: 'https://cdn.filestackcontent.com/handle',
      again:
        'https://cdn.filestackcontent.com/handle?signature=fedcba98765432100123456789abcdeffedcba98765432100123456789abcdef&policy=eyJleHBpcnkiOjJ9',
      secrets: ['0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', 'eyJleHBpcnkiOjF9'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Contentful',
      url: 'https://images.secure.ctfassets.net/space/id/hash/a.png?token=5ec1e7&policy=pol7',
      key: 'https://images.secure.ctfassets.net/space/id/hash/a.png',
      again: 'https://images.secure.ctfassets.net/space/id/hash/a.png?token=5ec1e8&policy=pol8',
      secrets: ['5ec1e7', 'pol7'],
      identity: ['w=100'],
    },
  ],
  [
    {
      of: 'imgix',
      url: 'https://acme.imgix.net/a.png?w=100&s=0123456789abcdef0123456789abcdef',
      key: 'https://acme.imgix.net/a.png?w=100',
      again: 'https://acme.imgix.net/a.png?w=100&s=fedcba98765432100123456789abcdef&expires=1767225600',
      secrets: ['0123456789abcdef0123456789abcdef'],
      identity: ['w=200'],
    },
  ],
  [
    {
      of: 'Kaltura',
      url: 'https://cdnapisec.kaltura.com/p/1/sp/100/playManifest/entryId/0_a/ks/5ec1e7aa/format/url/a.mp4',
      key: 'https://cdnapisec.kaltura.com/p/1/sp/100/playManifest/entryId/0_a/format/url/a.mp4',
      again: 'https://cdnapisec.kaltura.com/p/1/sp/100/playManifest/entryId/0_a/ks/5ec1e8/format/url/a.mp4',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Kaltura, in the query',
      url: 'https://cdnapisec.kaltura.com/p/1/thumbnail/entry_id/0_a?ks=5ec1e7',
      key: 'https://cdnapisec.kaltura.com/p/1/thumbnail/entry_id/0_a',
      again: 'https://cdnapisec.kaltura.com/p/1/thumbnail/entry_id/0_a?ks=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Brightcove',
      url: 'https://cdn.example.com/m.onnx?fastly_token=5ec1e7',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?fastly_token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'Wowza',
      url: 'https://cdn.example.com/m.onnx?wowzatokenstarttime=1&wowzatokenendtime=1767225600&wowzatokenhash=5ec1e7',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?wowzatokenhash=5ec1e8&wowzatokenendtime=2',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'TikTok',
      url: 'https://cdn.example.com/m.onnx?x-expires=1767225600&x-signature=5ec1e7%3D',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?x-signature=5ec1e8&x-expires=1767229200',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
    {
      of: 'Pinata',
      url: 'https://acme.mypinata.cloud/files/bafy?X-Algorithm=PINATA1&X-Date=1767225600&X-Expires=30&X-Method=GET&X-Signature=5ec1e7',
      key: 'https://acme.mypinata.cloud/files/bafy',
      again: 'https://acme.mypinata.cloud/files/bafy?X-Signature=5ec1e8&X-Expires=60',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'SharePoint',
      url: 'https://acme.sharepoint.com/_layouts/15/download.aspx?tempauth=v1.eyJ.5ec1e7',
      key: 'https://acme.sharepoint.com/_layouts/15/download.aspx',
      again: 'https://acme.sharepoint.com/_layouts/15/download.aspx?tempauth=v1.eyK.5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['UniqueId=1'],
    },
  ],
  [
    {
      of: 'Instagram',
      url: 'https://scontent-a.cdninstagram.com/v/a.jpg?_nc_eui2=AeH&oh=00_5ec1e7&oe=6567A1B2&_nc_ohc=abc7&_nc_gid=g7&_nc_sid=s7',
      key: 'https://scontent-a.cdninstagram.com/v/a.jpg',
      again: 'https://scontent-a.cdninstagram.com/v/a.jpg?oe=6567A1B3&oh=00_5ec1e8',
      secrets: ['5ec1e7', 'abc7'],
      identity: ['stp=dst-jpg'],
    },
  ],
  [
    {
      of: 'Symfony',
      url: 'https://cdn.example.com/m.onnx?_expiration=1767225600&_hash=5ec1e7',
      key: 'https://cdn.example.com/m.onnx',
      again: 'https://cdn.example.com/m.onnx?_hash=5ec1e8&_expiration=1767229200',
      secrets: ['5ec1e7'],
      identity: ['v=2'],
    },
  ],
  [
    {
      of: 'zenodo.org',
      url: 'https://zenodo.org/api/records/1/files/m.onnx/content?token=5ec1e7',
      key: 'https://zenodo.org/api/records/1/files/m.onnx/content',
      again: 'https://zenodo.org/api/records/1/files/m.onnx/content?token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'civitai.com',
      url: 'https://civitai.com/api/download/models/12?type=Model&token=5ec1e7',
      key: 'https://civitai.com/api/download/models/12?type=Model',
      again: 'https://civitai.com/api/download/models/12?type=Model&token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'api.media.atlassian.com',
      url: 'https://api.media.atlassian.com/file/0a/binary?name=a&token=5ec1e7',
      key: 'https://api.media.atlassian.com/file/0a/binary?name=a',
      again: 'https://api.media.atlassian.com/file/0a/binary?name=a&token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'api.mapbox.com',
      url: 'https://api.mapbox.com/v4/a/1/2/3.webp?fresh=true&access_token=5ec1e7',
      key: 'https://api.mapbox.com/v4/a/1/2/3.webp?fresh=true',
      again: 'https://api.mapbox.com/v4/a/1/2/3.webp?fresh=true&access_token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'assets.ion.cesium.com',
      url: 'https://assets.ion.cesium.com/1/tileset.json?v=1&access_token=5ec1e7',
      key: 'https://assets.ion.cesium.com/1/tileset.json?v=1',
      again: 'https://assets.ion.cesium.com/1/tileset.json?v=1&access_token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'stream.mux.com',
      url: 'https://stream.mux.com/0a/high.mp4?token=5ec1e7',
      key: 'https://stream.mux.com/0a/high.mp4',
      again: 'https://stream.mux.com/0a/high.mp4?token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'player.vimeo.com',
      url: 'https://player.vimeo.com/progressive_redirect/playback/1/file.mp4?loc=external&signature=5ec1e7',
      key: 'https://player.vimeo.com/progressive_redirect/playback/1/file.mp4?loc=external',
      again:
        'https://player.vimeo.com/progressive_redirect/playback/1/file.mp4?loc=external&signature=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
    {
      of: 'onedrive.live.com',
      url: 'https://onedrive.live.com/download?cid=A&resid=A%21101&authkey=5ec1e7',
      key: 'https://onedrive.live.com/download?cid=A&resid=A%21101',
      again: 'https://onedrive.live.com/download?cid=A&resid=A%21101&authkey=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
  ],
  [
    {
      of: 'Dropbox',
      url: 'https://www.dropbox.com/scl/fi/0a/m.onnx?rlkey=5ec1e7&st=0a&dl=1',
      key: 'https://www.dropbox.com/scl/fi/0a/m.onnx?dl=1',
      again: 'https://www.dropbox.com/scl/fi/0a/m.onnx?rlkey=5ec1e8&st=0b&dl=1',
      secrets: ['5ec1e7'],
      identity: ['raw=1'],
    },
  ],
  [
    {
      of: 'Slack',
      url: 'https://files.slack.com/files-pri/T1-F1/m.onnx?t=xoxe-0123456789-5ec1e7',
      key: 'https://files.slack.com/files-pri/T1-F1/m.onnx',
      again: 'https://files.slack.com/files-pri/T1-F1/m.onnx?pub_secret=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
  ],
  [
    {
      of: 'LinkedIn',
      url: 'https://media.licdn.com/dms/a/0?e=1767225600&v=beta&t=5ec1e7IaLGSmELTvlhfd0ItdN',
      key: 'https://media.licdn.com/dms/a/0?v=beta',
      again: 'https://media.licdn.com/dms/a/0?e=1767229200&v=beta&t=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
  ],
  [
    {
      of: 'Google Drive',
      url: 'https://www.googleapis.com/drive/v3/files/1a?alt=media&key=AIza5ec1e7',
      key: 'https://www.googleapis.com/drive/v3/files/1a?alt=media',
      again: 'https://www.googleapis.com/drive/v3/files/1a?access_token=5ec1e8&alt=media',
      secrets: ['5ec1e7'],
      identity: ['acknowledgeAbuse=true'],
    },
    {
      of: 'Google Cloud Storage, JSON',
      url: 'https://storage.googleapis.com/storage/v1/b/b/o/m.onnx?alt=media&access_token=ya29.5ec1e7',
      key: 'https://storage.googleapis.com/storage/v1/b/b/o/m.onnx?alt=media',
      again: 'https://storage.googleapis.com/storage/v1/b/b/o/m.onnx?alt=media&access_token=5ec1e8',
      secrets: ['5ec1e7'],
      identity: ['generation=8'],
    },
  ],
  [
    {
      of: 'Google Drive, a download',
      url: 'https://drive.usercontent.google.com/download?id=1a&export=download&authuser=0&confirm=t&uuid=0123456789abcdef-5ec1e9&at=5ec1e7',
      key: 'https://drive.usercontent.google.com/download?id=1a&export=download',
      again: 'https://drive.usercontent.google.com/download?id=1a&export=download&confirm=x&at=5ec1e8',
      secrets: ['5ec1e7', '5ec1e9'],
      identity: ['id=2b'],
    },
  ],
  [
    {
      of: 'Directus',
      url: 'https://d.example.com/assets/01234567-89ab-cdef-0123-456789abcdef?key=small&access_token=5ec1e7',
      key: 'https://d.example.com/assets/01234567-89ab-cdef-0123-456789abcdef?key=small',
      again:
        'https://d.example.com/assets/01234567-89ab-cdef-0123-456789abcdef?access_token=5ec1e8&key=small',
      secrets: ['5ec1e7'],
      identity: ['width=9'],
    },
  ],
];

const without = (url: string, names: string[]): string => {
  const [base = '', query = ''] = url.split('?');
  const kept = query.split('&').filter((text) => !names.includes(text.split('=')[0]?.toLowerCase() ?? ''));
  return [base, ...(kept.length ? [kept.join('&')] : [])].join('?');
};

const appliesTo = (rule: Rule, url: string, host = new URL(url).hostname): boolean =>
  compileRule(rule).appliesTo(host, new URL(url).pathname, parseQuery(new URL(url).search));

const names = (markers: string | undefined): string[] =>
  (markers ?? '').split(' ').flatMap((marker) => marker.split('=')[0]?.toLowerCase() || []);

const tables = [
  {table: 'providers', rules: Object.values(providers).flat(), samples: providerSamples},
  {table: 'signatures', rules: Object.values(signatures).flat(), samples: signatureSamples},
];

describe.each(tables)('the table of $table', ({rules, samples}) => {
  it('has samples for every row', () => {
    expect(samples).toHaveLength(rules.length);
  });

  const rows = samples.flatMap((ofRow, index) =>
    ofRow.map((sample) => ({...sample, rule: rules[index] as Rule, title: `row ${index}, ${sample.of}`})),
  );

  describe.each(rows)('$title', ({rule, url, key, again, secrets = [], identity = []}) => {
    // Some rows of a provider apply only after an earlier one has written the host.
    it('matches its row', () => expect(appliesTo(rule, url)).toBe(true));

    it('gets the expected key', () => expect(stableKey(url)).toBe(key));

    it('has a key that is its own key', () => expect(stableKey(key)).toBe(key));

    it('gets the same key by another URL', () => {
      expect(again).not.toBe(url);
      expect(stableKey(again)).toBe(key);
    });

    it('has no secret in its key', () => {
      for (const secret of secrets) {
        expect(url.toLowerCase()).toContain(secret.toLowerCase());
        expect(key).not.toContain(secret);
      }
    });

    it('counts as a URL with a secret, if it is signed', () => {
      expect(holdsSecret(url)).toBe(secrets.length > 0);
    });

    for (const parameter of identity) {
      it(`keeps ${parameter}`, () => {
        const other = stableKey(`${url}${url.includes('?') ? '&' : '?'}${parameter}`);
        expect(other).not.toBe(key);
        expect(other).toContain(parameter);
      });
    }

    const markers = [
      ...names(rule.all).map((name) => name.split('|')),
      names(rule.any).flatMap((name) => name.split('|')),
    ].filter(([name]) => name);
    // A known host is enough to drop a generic name.
    for (const missing of rule.hosts || rule.any?.startsWith('*') ? [] : markers) {
      it(`stays without ${missing.join(', ')}`, () => {
        const other = without(url, missing);
        expect(appliesTo(rule, other)).toBe(false);
        // Two rows may know a scheme with and without a parameter.
        if (!rules.some((row) => appliesTo(row, other))) {
          expect(stableKey(other)).toBe(other);
        }
      });
    }

    for (const host of rule.hosts?.split(' ') ?? []) {
      it(`does not match hosts that only look like ${host}`, () => {
        const bare = host.replace(/^\./, '');
        const others = [`evil${bare}`, `${bare}.evil.com`, `${bare}.`, bare.replace('.', '-')];
        if (host === bare) {
          others.push(`evil.${bare}`);
        }
        for (const other of others) {
          expect([other, appliesTo(rule, url, other)]).toEqual([other, false]);
        }
      });
    }

    if (rule.path) {
      it('does not match another path', () => {
        expect(appliesTo(rule, url.replace(new URL(url).pathname, '/another/path'))).toBe(false);
      });
    }
  });
});

it.each([
  'https://cdn.example.com/download?token=DMF1ucDxtHCxwYQ_-abc12&exp=1767225600',
  'https://cdn.example.com/blob?hash=DMF1ucDxtHCxwYQ_-abc12&expires=1767225600',
  'https://cdn.example.com/share/?token=IaLGSmELTvlhfd0ItdN6PhhHTFhzx73EX8uy_cSDiIU&exp=1767225600',
])('a token may say which file it is for, where the path names none: %s', (url) => {
  expect(stableKey(url)).not.toBe(stableKey(url.replace(/=\w{3}/, '=abc')));
});
