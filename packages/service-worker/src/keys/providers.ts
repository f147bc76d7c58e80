import type {Provider} from './Rule.ts';

// How a provider spells one URL in several ways. The order counts: a rule sees the host and the path that the rules
// before it have written.

// hf-mirror.com answers for the Hub but is another party. It keeps its host, so that its bytes never pass for the Hub's.
const HUB = 'huggingface.co hub-ci.huggingface.co hf-mirror.com';

/** Where the Hub redirects to. https://huggingface.co/.well-known/meta.json */
export const HUB_CDN =
  '.cdn.hf.co cas-bridge.xethub.hf.co cas-bridge-direct.xethub.hf.co cdn-lfs.huggingface.co cdn-lfs-us-1.huggingface.co cdn-lfs.hf.co cdn-lfs-us-1.hf.co cdn-lfs-eu-1.hf.co';

export type ProviderName = 'huggingFace' | 'jsDelivr';

export const providers: Readonly<Record<ProviderName, readonly Provider[]>> = {
  huggingFace: [
    // The Hub's other names. https://huggingface.co/.well-known/meta.json
    {hosts: 'hf.co huggingface.com huggingface.cn', host: 'huggingface.co'},

    // `refs/pr/1` and `refs/convert/parquet` are the revisions that clients write with and without `%2F`. In any other
    // revision a `%2F` is part of a branch's name, and a slash ends it.
    {
      hosts: HUB,
      path: '/(resolve|raw)/refs(?:/|%2[Ff])(pr|convert)(?:/|%2[Ff])',
      to: '/$1/refs/$2/',
    },

    // After the revision, in a bucket and in the Hub's cache of small files, `%2F` is a slash: no name of a file can
    // hold one. https://huggingface.co/docs/hub/main/storage-buckets
    {
      hosts: HUB,
      path: '^/(?:api/resolve-cache|buckets|(?:[^/]+/){1,3}?(?:resolve|raw)/(?!resolve/)[^/]+)/',
      slashes: true,
    },

    // Two parameters that choose a `Content-Disposition`, and a media type that asks for a description of the file.
    {
      hosts: HUB,
      path: '/resolve',
      drop: 'download noContentDisposition',
      variants: 'application/vnd.xet-fileinfo+json',
    },

    // What a reader is let in with: in a URL of a private repository, and of a Space.
    // https://huggingface.co/docs/hub/spaces-embed
    {hosts: HUB, drop: 'token __sign'},
    {hosts: '.hf.space', drop: '__sign'},

    // The path names a commit; the query repeats the URL that redirected here.
    {hosts: HUB, path: '^/api/resolve-cache/', drop: '.*'},

    // The same content on each of these: the path ends in its hash. Chunks (`/xorbs/`) are not files, and keep their host.
    {
      hosts: HUB_CDN,
      path: '^/(?:xet-bridge-[a-z]{2}/[\\da-f]{24}|repos/[\\da-f]{2}/[\\da-f]{2}/[\\da-f]{64})/[\\da-f]{64}$',
      host: 'us.aws.cdn.hf.co',
    },
  ],

  jsDelivr: [
    // jsDelivr ignores queries (https://github.com/jsdelivr/jsdelivr/issues/18241). They are dropped only where the
    // version is exact and the file can never change: on a moving version `?v=2` is how people get past a cache.
    {
      hosts: 'cdn.jsdelivr.net',
      path: '^/(?:(?:npm/(?:@[^/]+/)?|gh/[^/]+/)[^/@]+@(?:v?\\d+\\.\\d+\\.\\d+(?!\\d)[\\w.+-]*|[\\da-f]{40})|pyodide/v\\d+\\.\\d+\\.\\d+(?!\\d)[\\w.-]*)/',
      drop: '.*',
    },
  ],
};
