import {HUB_CDN} from './providers.ts';
import type {Scheme} from './Rule.ts';

// Header overrides that only say how to save a file or how long to keep it are dropped, since a key stands for bytes.
// The media type, the encoding and the language stay, since a page reads the same bytes differently with them: a
// `response-content-type` decides whether WebAssembly compiles while it streams.
// Artifactory adds who asked, and a number of each request.
const OVERRIDES =
  'response-content-disposition response-cache-control response-expires x-jf-traceid x-artifactory-.*';

// A path that names a file, by its ending or by its digest.
const NAMES_A_FILE = '\\.\\w{1,12}$|[\\da-f]{32}(?:/data)?$';

// Values of parameters: a time in seconds or milliseconds, or in hexadecimal digits; and how a digest begins.
const TIME = '^\\d{10,13}$';
const TIME_OR_HEX = '^(?:\\d{10}|[\\da-fA-F]{8})$';
const HEX = '^[\\da-fA-F]';

/** `<time>-<random>-<user>-<MD5>`. */
const TYPE_A = '^\\d{10}-\\w+-\\w+-[\\da-f]{32}$';

export type SignatureName =
  | 'signatureV4'
  | 'signatureV2'
  | 'cloudFront'
  | 'googleCdn'
  | 'azure'
  | 'gitHub'
  | 'huggingFace'
  | 'tencent'
  | 'baidu'
  | 'qiniu'
  | 'secureLink'
  | 'authKey'
  | 'swift'
  | 'oracle'
  | 'cloudflare'
  | 'discord'
  | 'vercel'
  | 'firebase'
  | 'supabase'
  | 'akamai'
  | 'bunny'
  | 'fastly'
  | 'backblaze'
  | 'gitLab'
  | 'images'
  | 'video'
  | 'apps';

/** What signatures add to URLs, a row for each way of signing. */
export const signatures: Readonly<Record<SignatureName, readonly Scheme[]>> = {
  signatureV4: [
    // The fourth version of S3 (with R2 and all compatible stores) and what is modeled on it: Google Cloud Storage V4,
    // Alibaba OSS V4, Volcengine TOS, Kingsoft KS3. All sign the sorted query. `x-amz-` and `x-goog-` belong to the vendors,
    // and hold tokens in more names than are listed anywhere; `x-oss-process` and `x-tos-process` make other bytes.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    // https://cloud.google.com/storage/docs/authentication/signatures
    // https://github.com/ali-sdk/ali-oss/blob/master/lib/common/object/signatureUrlV4.js
    // https://github.com/volcengine/ve-tos-js-sdk
    {
      any: 'x-amz-signature x-goog-signature x-oss-signature x-tos-signature x-kss-signature',
      drop: `x-amz-.* x-goog-.* x-(?:oss|tos|kss)-(?:algorithm|credential|date|expires|security-token|signature-version|additional-headers|traffic-limit|content-sha256|signedheaders|policy) x-id userProject ${OVERRIDES}`,
      sorted: true,
    },
  ],

  signatureV2: [
    // The version before: S3 V2, Google Cloud Storage V2, Alibaba OSS V1, Huawei OBS, and who else models them.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html
    // https://cloud.google.com/storage/docs/access-control/signed-urls-v2
    // https://github.com/ali-sdk/ali-oss/blob/master/lib/common/object/signatureUrl.js
    // https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0011.html
    {
      all: 'Signature Expires',
      any: 'AWSAccessKeyId GoogleAccessId OSSAccessKeyId AccessKeyId KSSAccessKeyId NOSAccessKeyId UCloudPublicKey',
      drop: `x-amz-security-token x-obs-security-token security-token x-oss-traffic-limit userProject ${OVERRIDES}`,
    },
  ],

  cloudFront: [
    // Amazon CloudFront, canned and custom policies.
    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
    {all: 'Signature Key-Pair-Id', any: 'Expires Policy', drop: `Hash-Algorithm ${OVERRIDES}`},
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

    // Files of private repositories, large files, packages, and attachments, also on S3. The path names the file; the rest
    // names the reader.
    {
      hosts:
        '.githubusercontent.com codeload.github.com github-cloud.s3.amazonaws.com github-production-user-asset-6210df.s3.amazonaws.com',
      drop: 'token jwt hmac actor_id key_id repo_id',
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

  baidu: [
    // Baidu BOS; `x-bce-process` makes another image. https://cloud.baidu.com/doc/Reference/s/njwvz1yfu
    {
      all: 'authorization=^bce-auth-v1(?:/|%2F)',
      drop: 'x-bce-security-token responseContentDisposition responseCacheControl responseExpires',
    },
  ],

  qiniu: [
    // Qiniu Kodo. https://developer.qiniu.com/kodo/1202/download-token
    {all: 'e=^\\d+$ token=^[\\w-]+(?::|%3A)[\\w=%-]+$'},
  ],

  secureLink: [
    // A digest and the time at which it expires, under the names of many servers and vendors. Their values must fit: a
    // digest of the content stands alone, or in another form.
    // nginx, Gcore, Yandex and VK Cloud, lighttpd, Medianova: an MD5 in 22 characters. imgix and Gumlet: `s`. Laravel,
    // UploadThing, JW Player, Cloudflare Images, Transloadit: digits of a digest.
    // https://nginx.org/en/docs/http/ngx_http_secure_link_module.html
    // https://docs.imgix.com/en-US/getting-started/setup/securing-assets
    // https://developers.cloudflare.com/images/manage-images/serve-images/serve-private-images
    {
      all: `expires|exp|e=${TIME}`,
      any: `md5|st=^[\\w-]{22}(?:=|%3D)*$ s=${HEX}{32}$ sig|signature=^(?:(?:hmac-)?sha256(?:=|%3D|:|%3A))?[\\da-fA-F]{32,128}$`,
    },

    // More names. Where the path names no file, a token may say which one it is for.
    // KeyCDN, Docker Hub, QingStor, Notion. https://www.keycdn.com/support/secure-token
    {
      path: NAMES_A_FILE,
      all: `expires|expire|expiry|expirationTimestamp|exp|e|ttl=${TIME}`,
      any: `md5|hash|token=^[\\w-]{22}(?:=|%3D)*$ sig|signature|token|hmac=^(?:(?:hmac-)?sha256(?:=|%3D|:|%3A))?(?:[\\da-fA-F]{32,128}|[\\w%+/-]{27,}={0,2})$`,
      drop: 'access_key_id',
    },

    // Edgio (Limelight) and Naver: `h`, with the client and the length of the signed prefix.
    // https://guide.ncloud-docs.com/docs/en/globaledge-mediavault
    {all: `e=${TIME} h=${HEX}{32}$`, drop: 'ip'},
    {all: `e=${TIME} h=${HEX}{32}$ s=${TIME}`},

    // CDN77, in the query and before the path. https://client.cdn77.com/support/knowledgebase/security-measure/secure-token
    {all: 'secure=^[\\w%+/-]{22,}={0,2}(?:,|%2C)\\d{10}$'},
    {path: '^/[\\w-]{22}(?:==)?,\\d{10}(?=/)', to: ''},
  ],

  authKey: [
    // Type A of Alibaba Cloud, Tencent Cloud, Huawei Cloud, Baidu and Volcengine CDN. Types B and C, in the path, look as a
    // digest of the content does: an app that uses them adds a scheme for its host.
    // https://www.alibabacloud.com/help/en/cdn/user-guide/type-a-signing
    {all: `auth_key|sign|auth|key|token=${TYPE_A}`},

    // Type C in the query.
    {all: `KEY1=${HEX}{32}$ KEY2=${TIME_OR_HEX}`},

    // Type D, and C2 of Huawei. https://www.tencentcloud.com/document/product/228/35225
    {all: `sign=${HEX}{32}$`, any: `t=${TIME_OR_HEX} time=${TIME_OR_HEX} timestamp=${TIME_OR_HEX}`},
    {all: `auth_key=${HEX}{32}$ timestamp=${TIME_OR_HEX}`},

    // Tencent VOD adds a random text, and how many may watch. `exper` cuts the file, and stays.
    {hosts: '.myqcloud.com .vod-qcloud.com', all: 't sign', drop: 'us rlimit'},

    // Wangsu, Tencent Cloud's streams, UPYUN. https://help.upyun.com/knowledge-base/cdn-token-limite
    {all: `wsSecret|txSecret=${HEX}{32}$ wsTime|txTime=${TIME_OR_HEX}`},
    {all: '_upt=^[\\da-f]{8}\\d{10}$'},
  ],

  swift: [
    // OpenStack Swift: OVHcloud, Rackspace, Selectel.
    // https://docs.openstack.org/swift/latest/api/temporary_url_middleware.html
    {all: 'temp_url_sig temp_url_expires', drop: 'temp_url_prefix temp_url_ip_range filename inline'},
  ],

  oracle: [
    // Oracle Cloud, pre-authenticated requests. What follows is the path of the object.
    // https://docs.oracle.com/en-us/iaas/Content/Object/Tasks/usingpreauthenticatedrequests.htm
    {path: '^/p/[\\w-]+(?=/n/[^/]+/b/[^/]+/o/)', to: ''},
  ],

  cloudflare: [
    // Tokens that a rule of the firewall checks, under any name. https://developers.cloudflare.com/waf/custom-rules/use-cases/configure-token-authentication
    {any: '*=^\\d{10}-[\\w%+/-]{43,}(?:=|%3D)$ verify=^\\d{10}-[\\w%+/-]{40,}={0,2}$'},
  ],

  discord: [
    // Discord, attachments. https://docs.discord.com/developers/reference#signed-attachment-cdn-urls
    {all: `ex=${HEX}{8}$ is=${HEX}{8}$ hm=${HEX}{64}$`},
  ],

  vercel: [
    // Vercel Blob. https://vercel.com/docs/vercel-blob
    {all: 'vercel-blob-signature', drop: 'vercel-blob-.*'},
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
    // Akamai, and who has its form (Cloudinary, Uploadcare, Vimeo): an operator chooses the name, in the query and in the
    // path. https://techdocs.akamai.com/property-mgr/docs/auth-token-2-0-ver
    {any: '*=^(?=(?:.*(?:~|%7E))?exp(?:=|%3D)\\d).*(?:~|%7E)hmac(?:=|%3D)[\\da-f]+$'},
    {path: '/(?:\\w+=)?(?:(?:st|ip)=[^~/]*~){0,2}exp=\\d+~(?:(?!exp=).)*?hmac=[\\da-f]+(?=/)', to: ''},

    // The version before.
    {all: '__gda__=^\\d{10}_[\\da-f]{32}$'},
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
    {all: 'token|f_token=^\\d{10,11}_[\\da-f]{40,}$'},
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
    // GitLab's raw files and archives, on a CDN that the operator chooses, and its packages; files of PocketBase and
    // Appwrite. The path names the file.
    // https://docs.gitlab.com/administration/static_objects_external_storage
    {
      path: '/-/(?:raw|archive)/|^/api/(?:v4/projects/|files/[^/]+/[^/]+/[^/]+$)|^/v1/storage/buckets/',
      any: 'token private_token job_token',
    },
  ],

  images: [
    // Cloudinary. The signature says nothing that the path does not.
    // https://cloudinary.com/documentation/delivery_url_signatures
    {hosts: 'res.cloudinary.com', path: '/s--[\\w-]{8,32}--(?=/)', to: ''},
    {hosts: 'api.cloudinary.com', drop: 'api_key signature timestamp expires_at'},

    // imgproxy, with a time. https://docs.imgproxy.net/usage/processing#expires
    {path: '^/[\\w-]{43}/((?:[a-z_]+:[^/]*/)*?)exp(?:ires)?:\\d+/', to: '/$1'},

    // ImageKit. https://imagekit.io/docs/media-delivery-basic-security
    {all: `ik-s=${HEX}{40}$`, drop: 'ik-t'},

    // Filestack, Contentful. https://www.filestack.com/docs/security/policies
    {all: `policy=^eyJ signature=${HEX}{64}$`},
    {hosts: '.secure.ctfassets.net', drop: 'token policy'},

    // imgix without a time, too.
    {hosts: '.imgix.net', drop: 's expires'},
  ],

  video: [
    // Kaltura, Brightcove, Wowza.
    // https://developer.kaltura.com/api-docs/VPaaS-API-Getting-Started/Kaltura_API_Authentication_and_Security.html
    {hosts: '.kaltura.com', path: '/ks/[^/]+(?=/|$)', to: ''},
    {hosts: '.kaltura.com', drop: 'ks'},
    {all: 'fastly_token'},
    {all: 'wowzatokenhash', drop: 'wowzatoken(?:start|end)time'},
  ],

  apps: [
    // TikTok and ByteDance; Pinata. https://docs.pinata.cloud/files/private-files
    {all: 'x-signature x-expires=^\\d+$', drop: 'x-algorithm x-date x-method refresh_token idc'},

    // SharePoint and OneDrive; Facebook and Instagram; Symfony.
    {all: 'tempauth'},
    {hosts: '.fbcdn.net .cdninstagram.com', all: 'oh oe', drop: '_nc_.*'},
    {all: `_hash _expiration=${TIME}`},

    // What a reader is let in with, at hosts whose paths name the file.
    {
      hosts:
        'zenodo.org civitai.com api.media.atlassian.com .mapbox.com assets.ion.cesium.com stream.mux.com player.vimeo.com onedrive.live.com',
      drop: 'token access_token client sku signature oauth2_token_id authkey',
    },
    {hosts: 'www.dropbox.com', path: '^/scl/', drop: 'rlkey st'},
    {hosts: 'files.slack.com', drop: 't pub_secret'},
    {hosts: 'media.licdn.com', all: 'e t'},

    // Google's APIs for files, and what Drive redirects to.
    {
      hosts: 'www.googleapis.com storage.googleapis.com',
      path: '/(?:files/(?!root)|o/)',
      drop: 'access_token key',
    },
    {hosts: 'drive.usercontent.google.com', drop: 'at uuid confirm authuser'},

    // Directus, whose paths name files by their UUID.
    {path: '^/assets/[\\da-f]{8}-[\\da-f-]{27}(?:/|$)', all: 'access_token'},
  ],
};
