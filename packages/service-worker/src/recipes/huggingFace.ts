import type {Provider} from '../keys/index.ts';
import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {literal} from './literal.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';
import {resumable} from './resumable.ts';

export interface HuggingFaceOptions extends RecipeOptions {
  /** Only these URLs, e.g. `https://huggingface.co/onnx-community/*`. A signed URL of the CDN does not name its
   * repository.
   * @default all repositories */
  only?: UrlPattern | readonly UrlPattern[] | undefined;

  /** A mirror of the Hub beside it, as in `HF_ENDPOINT`, with its path if it has one: `https://example.org/hf`.
   * Its files have the keys that they have on the Hub, except for another scheme and port, which stay.
   * @default none */
  mirror?: string | undefined;

  /** Whether the download of a large file goes on where it was interrupted: of one at a commit, and of one by a signed
   * URL. A worker of your own hands the strategy in, see `registerRoutes()`. It costs about 8 kB.
   * @default false */
  resumable?: boolean | undefined;
}

const HUB = String.raw`https://(?:huggingface\.(?:co|com|cn)|hf\.co)`;

/** In a key, the Hub has one name. A mirror keeps its scheme and its port there. */
const KEY = String.raw`https?://huggingface\.co(?::\d+)?`;

/** `org/name`, for old ones just `name`. A model has no prefix, except in the Hub's cache of small files. */
const REPOSITORY = String.raw`(?:(?:datasets|spaces|kernels)/)?[\w.-]+(?:/[\w.-]+)??`;

const BUCKET = String.raw`buckets/[\w.-]+/[\w.-]+`;

const COMMIT = String.raw`[\da-f]{40}`;

/** What stands between the host and the path of a file: as it is asked for, and in a key. */
interface Shape {
  asked: string;
  key: string;
}

const AT_COMMIT: Shape = {
  asked: `(?:api/resolve-cache/(?:models/)?${REPOSITORY}|(?!api/)(?:models/)?${REPOSITORY}/resolve)/${COMMIT}`,
  key: `(?:api/resolve-cache/)?(?:models/)?(?<repository>${REPOSITORY})/(?:resolve/)?(?<version>${COMMIT})`,
};

const AT_BRANCH: Shape = {
  asked: `(?!api/)(?:models/)?${REPOSITORY}/resolve/[^/?#]+`,
  key: `(?:models/)?(?<repository>${REPOSITORY})/resolve/(?<version>refs/(?:pr|convert)/[^/]+|[^/]+)`,
};

/** A bucket has no revisions. The word that stands in their place is the same for all of its files. */
const IN_BUCKET: Shape = {
  asked: `${BUCKET}/resolve`,
  key: `(?<bucket>${BUCKET})/(?<version>resolve)`,
};

/** Where the Hub redirects to, for files and not for the chunks of Xet. The path ends in the content's hash. */
const ON_CDN = new RegExp(
  '^https://' +
    String.raw`(?:[\w.-]+\.cdn\.hf\.co|cas-bridge(?:-direct)?\.xethub\.hf\.co|` +
    String.raw`cdn-lfs(?:-us-1|-eu-1)?\.(?:hf|huggingface)\.co)/` +
    String.raw`(?:xet-bridge-[a-z]{2}/[\da-f]{24}|repos/[\da-f]{2}/[\da-f]{2}/[\da-f]{64})/[\da-f]{64}` +
    '(?=[?#]|$)(?!.*[?&]X-Xet-Signed-Range=)',
);

/** A place of the CDN has no versions either. Each is a line of its own. */
const KEY_ON_CDN = /^https:\/\/us\.aws\.cdn\.(?<version>hf)\.co\/(?<place>xet-bridge-[a-z]{2}|repos)\//;

const endpointOf = (mirror: string): URL => {
  try {
    const url = new URL(mirror);
    // Of the address of an IPv6 host, a rule for keys cannot be made.
    if (/^https?:$/.test(url.protocol) && /^[a-z\d.-]+$/.test(url.hostname)) {
      return url;
    }
  } catch {
    // No URL at all.
  }
  throw new TypeError(
    `huggingFace: option 'mirror' must be an http(s) URL with a host name, but got ${JSON.stringify(mirror)}.`,
  );
};

/** How a mirror's URLs begin, and what makes keys of the Hub of them. */
const mirrored = (mirror: string): {beginning: string; provider: Provider} => {
  const {hostname, origin, pathname} = endpointOf(mirror);
  const path = literal(pathname.replace(/\/$/, ''));
  return {
    beginning: literal(origin) + path,
    provider: {hosts: hostname, path: `^${path}/`, to: '/', host: 'huggingface.co'},
  };
};

/**
 * Models, datasets, Spaces, kernels and buckets of the Hugging Face Hub: whatever is downloaded by a `/resolve/`
 * URL, by the URL that it redirects to, and under all names of the Hub. A commit never changes; branches, tags,
 * pull requests and buckets are revalidated.
 *
 * Caches: `huggingface-org/model-<commit or branch>`, `huggingface-datasets/org/name-…`, for a bucket
 * `huggingface-buckets/org/name-resolve`, and `huggingface-cdn-…` for signed URLs that a page asks for directly.
 *
 * @throws TypeError when the mirror is no http(s) URL with a host name, or for an `only` that cannot be kept.
 */
export const huggingFace = (options: HuggingFaceOptions = {}): RouteEntry[] => {
  const mirror = options.mirror === undefined ? undefined : mirrored(options.mirror);
  const beginning = mirror ? `(?:${HUB}|${mirror.beginning})` : HUB;
  const prefix = cacheNamed('huggingface', options);
  const unchanging = options.resumable ? resumable : pinned;

  const onHub = (route: typeof pinned, {asked, key}: Shape): RouteEntry =>
    route(
      only(new RegExp(`^${beginning}/${asked}/[^?#]`), options.only),
      {prefix, pattern: new RegExp(`^${KEY}/${key}/`)},
      mirror && {providers: [mirror.provider]},
    );

  return [
    onHub(unchanging, AT_COMMIT),
    onHub(moving, AT_BRANCH),
    onHub(moving, IN_BUCKET),
    unchanging(only(ON_CDN, options.only), {prefix: `${prefix}-cdn`, pattern: KEY_ON_CDN}),
  ];
};
