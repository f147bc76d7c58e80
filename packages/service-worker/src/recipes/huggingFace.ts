import type {Provider} from '../keys/index.ts';
import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
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

  /** A mirror of the Hub that is used as well, as in `HF_ENDPOINT`, with its path if it has one:
   * `https://example.org/hf`. Its files get the keys that they have on the Hub. Another scheme and port stay.
   * @default none */
  mirror?: string | undefined;

  /** Whether interrupted downloads of large files resume: of files at a commit, and by signed URLs. A worker of your own
   * needs the feature `downloads()`, see `registerAssets()`.
   * @default false */
  resumable?: boolean | undefined;
}

const HUB = String.raw`https://(?:huggingface\.(?:co|com|cn)|hf\.co)`;

/** A key has one name for the Hub. A mirror keeps its scheme and its port. */
const KEY = String.raw`https?://huggingface\.co(?::\d+)?`;

/** `org/name`, for old ones just `name`. A model has no prefix, except in the Hub's cache of small files. */
const REPOSITORY = String.raw`(?:(?:datasets|spaces|kernels)/)?[\w.-]+(?:/[\w.-]+)??`;

const BUCKET = String.raw`buckets/[\w.-]+/[\w.-]+`;

const COMMIT = String.raw`[\da-f]{40}`;

/** What is between the host and the path of a file: in a request, and in a key. */
interface Shape {
  requested: string;
  key: string;
}

const AT_COMMIT: Shape = {
  requested: `(?:api/resolve-cache/(?:models/)?${REPOSITORY}|(?!api/)(?:models/)?${REPOSITORY}/resolve)/${COMMIT}`,
  key: `(?:api/resolve-cache/)?(?:models/)?(?<repository>${REPOSITORY})/(?:resolve/)?(?<version>${COMMIT})`,
};

const AT_BRANCH: Shape = {
  requested: `(?!api/)(?:models/)?${REPOSITORY}/resolve/[^/?#]+`,
  key: `(?:models/)?(?<repository>${REPOSITORY})/resolve/(?<version>refs/(?:pr|convert)/[^/]+|[^/]+)`,
};

/** A bucket has no revisions. The word in their place is the same for all of its files. */
const IN_BUCKET: Shape = {
  requested: `${BUCKET}/resolve`,
  key: `(?<bucket>${BUCKET})/(?<version>resolve)`,
};

/** Where the Hub redirects to, for files and not for the chunks of Xet. The path ends in the hash of the content. */
const ON_CDN = new RegExp(
  '^https://' +
    String.raw`(?:[\w.-]+\.cdn\.hf\.co|cas-bridge(?:-direct)?\.xethub\.hf\.co|` +
    String.raw`cdn-lfs(?:-us-1|-eu-1)?\.(?:hf|huggingface)\.co)/` +
    String.raw`(?:xet-bridge-[a-z]{2}/[\da-f]{24}|repos/[\da-f]{2}/[\da-f]{2}/[\da-f]{64})/[\da-f]{64}` +
    '(?=[?#]|$)(?!.*[?&]X-Xet-Signed-Range=)',
);

/** A folder of the CDN has no versions either. Each is a line of its own. */
const KEY_ON_CDN = /^https:\/\/us\.aws\.cdn\.(?<version>hf)\.co\/(?<place>xet-bridge-[a-z]{2}|repos)\//;

const endpointOf = (mirror: string): URL => {
  try {
    const url = new URL(mirror);
    // A rule for keys cannot have the address of an IPv6 host.
    if (/^https?:$/.test(url.protocol) && /^[a-z\d.-]+$/.test(url.hostname)) {
      return url;
    }
  } catch {
    // Not a URL.
  }
  throw new TypeError(
    `huggingFace: option 'mirror' must be an http(s) URL with a host name, but got ${JSON.stringify(mirror)}.`,
  );
};

/** Returns how the URLs of a mirror begin, and the rule that turns them into keys of the Hub. */
const mirrored = (mirror: string): {beginning: string; provider: Provider} => {
  const {hostname, origin, pathname} = endpointOf(mirror);
  const path = literal(pathname.replace(/\/$/, ''));
  return {
    beginning: literal(origin) + path,
    provider: {hosts: hostname, path: `^${path}/`, to: '/', host: 'huggingface.co'},
  };
};

/**
 * Stores models, datasets, Spaces, kernels and buckets of the Hugging Face Hub: whatever is downloaded by a `/resolve/`
 * URL, or by the URL that it redirects to, under all names of the Hub. A commit never changes; branches, tags, pull
 * requests and buckets are revalidated.
 *
 * Caches: `huggingface-org/model-<commit or branch>`, `huggingface-datasets/org/name-…`, for a bucket
 * `huggingface-buckets/org/name-resolve`, and `huggingface-cdn-…` for signed URLs that a page asks for directly.
 *
 * @throws TypeError for an unknown option, a mirror that is not an http(s) URL with a host name, and an `only` that
 *   cannot be used.
 */
export const huggingFace = (options: HuggingFaceOptions = {}): RouteEntry[] => {
  checkRecipe('huggingFace', options, ['cachePrefix', 'only', 'mirror', 'resumable']);
  const mirror = options.mirror === undefined ? undefined : mirrored(options.mirror);
  const beginning = mirror ? `(?:${HUB}|${mirror.beginning})` : HUB;
  const prefix = cacheNamed('huggingface', options);
  const unchanging = options.resumable ? resumable : pinned;

  const onHub = (route: typeof pinned, {requested, key}: Shape): RouteEntry =>
    route(
      only(new RegExp(`^${beginning}/${requested}/[^?#]`), options.only),
      {prefix, pattern: new RegExp(`^${KEY}/${key}/`)},
      // A mirror may sign its URLs in any way.
      mirror ? {providers: [mirror.provider]} : {tables: ['huggingFace']},
    );

  return [
    onHub(unchanging, AT_COMMIT),
    onHub(moving, AT_BRANCH),
    onHub(moving, IN_BUCKET),
    unchanging(
      only(ON_CDN, options.only),
      {prefix: `${prefix}-cdn`, pattern: KEY_ON_CDN},
      {tables: ['huggingFace', 'signatureV4']},
    ),
  ];
};
