import {HUB_CDN} from './providers.ts';
import type {Scheme} from './Rule.ts';

// Header overrides that only say how to save a file or how long to keep it are dropped, since a key stands for bytes.
// The media type, the encoding and the language stay, since a page reads the same bytes differently with them: a
// `response-content-type` decides whether WebAssembly compiles while it streams.
const OVERRIDES = 'response-content-disposition response-cache-control response-expires';

export type SignatureName =
  | 'signatureV4'
  | 'signatureV2'
  | 'cloudFront'
  | 'googleCdn'
  | 'azure'
  | 'gitHub'
  | 'huggingFace'
  | 'tencent'
  | 'qiniu'
  | 'firebase'
  | 'supabase'
  | 'akamai'
  | 'bunny'
  | 'fastly'
  | 'backblaze'
  | 'gitLab';

/** What signatures add to URLs, a row for each way of signing. */
export const signatures: Readonly<Record<SignatureName, readonly Scheme[]>> = {
  signatureV4: [
    // The fourth version of S3 (with R2 and all compatible stores) and what is modeled on it: Google Cloud Storage V4,
    // Alibaba OSS V4, Volcengine TOS. All of them sign the sorted query. `x-amz-` and `x-goog-` belong to the vendors,
    // and hold tokens in more names than are listed anywhere; `x-oss-process` and `x-tos-process` make other bytes.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    // https://cloud.google.com/storage/docs/authentication/signatures
    // https://github.com/ali-sdk/ali-oss/blob/master/lib/common/object/signatureUrlV4.js
    // https://github.com/volcengine/ve-tos-js-sdk
    {
      any: 'x-amz-signature x-goog-signature x-oss-signature x-tos-signature',
      drop: `x-amz-.* x-goog-.* x-(?:oss|tos)-(?:algorithm|credential|date|expires|security-token|signature-version|additional-headers|traffic-limit|content-sha256|signedheaders|policy) x-id userProject ${OVERRIDES}`,
      sorted: true,
    },
  ],

  signatureV2: [
    // The version before: S3 V2, Google Cloud Storage V2, Alibaba OSS V1.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
    // https://cloud.google.com/storage/docs/access-control/signed-urls-v2
    // https://github.com/ali-sdk/ali-oss/blob/master/lib/common/object/signatureUrl.js
    {
      all: 'Signature Expires',
      any: 'AWSAccessKeyId GoogleAccessId OSSAccessKeyId',
      drop: `x-amz-security-token security-token x-oss-traffic-limit userProject ${OVERRIDES}`,
    },
  ],

  cloudFront: [
    // Amazon CloudFront, canned and custom policies.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
    {all: 'Signature Key-Pair-Id', any: 'Expires Policy', drop: 'Hash-Algorithm'},
  ],

  googleCdn: [
    // Google Cloud CDN and Media CDN, for a URL or a prefix. https://cloud.google.com/cdn/docs/using-signed-urls
    {all: 'KeyName Signature Expires', drop: 'URLPrefix'},

    // Google Media CDN, tokens. https://cloud.google.com/media-cdn/docs/generate-tokens
    {all: 'edge-cache-token'},

    // The same as a component of the path. https://cloud.google.com/media-cdn/docs/generate-signatures
    {path: '/edge-cache-token=[^/]*(?:Signature|hmac)=[^/]*', to: ''},
  ],

  azure: [
    // Azure Storage, shared access signatures; `_` is what its browser SDK adds against the HTTP cache.
    // https://learn.microsoft.com/en-us/rest/api/storageservices/delegate-access-with-shared-access-signature
    {
      all: 'sig sv',
      any: 'se si',
      drop: 'ss srt spr st sip ses skoid sktid skt ske sks skv sr sp saoid suoid scid sduoid skdutid srh srq sdd rscc rscd _',
    },
  ],

  gitHub: [
    // GitHub release assets: such a signature and a token. The path names the asset, and so its media type.
    // https://docs.github.com/en/rest/releases/assets
    {
      hosts: 'release-assets.githubusercontent.com',
      drop: 'jwt response-content-disposition response-content-type rscd rsct',
    },
  ],

  huggingFace: [
    // The Hub's CDN, and the hosts of its chunks, where `X-Xet-Signed-Range` chooses the bytes and stays. The path ends
    // in a hash of the content. `X-Xet-Cas-Uid` and `user_id` name the reader. https://huggingface.co/docs/hub/xet/index
    {
      hosts: `${HUB_CDN} transfer.xethub.hf.co transfer.xethub-eu.hf.co`,
      drop: 'X-Xet-Cas-Uid user_id repo_id Expires Policy Signature Key-Pair-Id response-content-disposition response-content-type x-id',
    },
  ],

  tencent: [
    // Tencent Cloud COS, which also signs the sorted query. https://www.tencentcloud.com/document/product/436/7778
    {
      all: 'q-signature q-sign-algorithm',
      drop: `q-.* x-cos-security-token token clientIP clientUA ${OVERRIDES}`,
      sorted: true,
    },
  ],

  qiniu: [
    // Qiniu Kodo. https://developer.qiniu.com/kodo/1202/download-token
    {all: 'e=^\\d+$ token=^[\\w-]+(?::|%3A)[\\w=%-]+$'},
  ],

  firebase: [
    // Firebase Storage. https://firebase.google.com/docs/storage/web/download-files
    {hosts: 'firebasestorage.googleapis.com', all: 'token'},
  ],

  supabase: [
    // Supabase Storage, files and images, on any host. The token of an image claims its transformation. It also claims
    // the path, which the server compares with the URL's. https://supabase.com/docs/guides/storage/serving/downloads
    {
      path: '^/storage/v1/(?:object|render/image)/sign/',
      all: 'token=^[\\w-]+\\.[\\w-]+\\.[\\w-]+$',
      claims: 'transformations',
      drop: 'download',
    },
  ],

  akamai: [
    // Akamai. An operator may have chosen another name: then add a scheme.
    // https://techdocs.akamai.com/property-mgr/docs/auth-token-2-0-ver
    {
      any: 'hdnea=exp(?:=|%3D)\\d+.*hmac(?:=|%3D)[\\da-f]+ hdnts=exp(?:=|%3D)\\d+.*hmac(?:=|%3D)[\\da-f]+ __token__=exp(?:=|%3D)\\d+.*hmac(?:=|%3D)[\\da-f]+',
    },
  ],

  bunny: [
    // Bunny, basic tokens (an MD5 in 22 characters) and advanced ones.
    // https://docs.bunny.net/cdn/security/token-authentication/advanced
    {
      all: 'token=^(?:HS256-)?[\\w-]{22,}$ expires=^\\d+$',
      drop: 'token_path token_countries token_countries_blocked token_ignore_params limit',
    },

    // The same before the path.
    {path: '^(?:/bcdn_token=[^/]+&expires=\\d[^/]*)+', to: ''},
  ],

  fastly: [
    // Fastly has no scheme of its own. This is its published example: an expiry and an HMAC.
    // https://github.com/fastly/token-functions
    {all: 'token=^\\d{10,11}_[\\da-f]{40,}$'},
  ],

  backblaze: [
    // Backblaze B2, its native API. https://www.backblaze.com/apidocs/b2-get-download-authorization
    {
      path: '^/file/|/b2_download_file_by_id$',
      all: 'Authorization',
      drop: 'b2ContentDisposition b2CacheControl b2Expires',
    },
  ],

  gitLab: [
    // GitLab's raw files and archives, on a CDN that the operator chooses.
    // https://docs.gitlab.com/administration/static_objects_external_storage
    {path: '/-/(?:raw|archive)/', all: 'token'},
  ],
};
