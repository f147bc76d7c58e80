import {logger} from 'workbox-core/_private/logger.js';
import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  FetchDidFailCallback,
  FetchDidSucceedCallback,
  HandlerDidErrorCallback,
  HandlerWillRespondCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {beforeServing} from './beforeServing.ts';
import type {OnFailure} from './checkedBody.ts';
import {report} from './events.ts';
import {type Expected, expectations} from './expectations.ts';
import {explain} from './explain.ts';
import {letGo} from './letGo.ts';
import {checkOptions, type IntegrityMode, type IntegrityPluginOptions} from './options.ts';
import {whileStoring} from './whileStoring.ts';

/** Set by a guard on an opaque response that it lets in. A symbol, because the two plugins share no code. */
const OPAQUE_ALLOWED = Symbol.for('holdfast.opaque-allowed');

/** What is kept of one request. Workbox hands it to each callback. */
interface RequestState {
  /** The keys that are asked for. There is one, unless the strategy fetches several URLs for one request. */
  keys?: Set<string>;
  /** Whether the page may have the answer, as far as is known. Asked in the mode `before-serving`. */
  standing?: 'proven' | 'refused' | undefined;
  /** The key whose bytes were verified before they were served. */
  verifiedKey?: string | undefined;
}

/** A listed asset that a response is of. */
interface Asset {
  key: string;
  expected: Expected;
}

/** The request as the page made it. An event of another kind, such as `install`, has none. */
const pageRequest = (event: ExtendableEvent, request: Request): Request =>
  (event as FetchEvent).request ?? request;

/** Says in a development build that nothing is known of what is stored: it may be listed under another URL. */
const noteUnlisted = ({keys = new Set()}: RequestState): void => {
  for (const key of keys) {
    logger.debug(`'${key.split('?')[0]}' is stored unchecked, because it is not listed under its key.`);
  }
};

/**
 * Checks the bytes of listed assets against their size and digest while they stream. What is wrong, cut off or too
 * long is not stored.
 *
 * Give it to a strategy after the plugins that change the key and after `QuotaGuardPlugin`, and before
 * `VersionScopePlugin`.
 *
 * @example
 * new CacheFirst({
 *   plugins: [
 *     new StableKeyPlugin(),
 *     new QuotaGuardPlugin(),
 *     new IntegrityPlugin({assets: [{url: 'https://example.org/v1/model.onnx', integrity: 'sha256-…'}]}),
 *     new VersionScopePlugin({prefix: 'models', pattern: /\/(?<version>v[^/]+)\//}),
 *   ],
 * });
 */
export class IntegrityPlugin implements WorkboxPlugin {
  private readonly mode: IntegrityMode;
  private readonly expectationFor: (key: string) => Expected | undefined;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: IntegrityPluginOptions) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {assets, mode = 'while-storing'} = options;
    this.mode = mode;
    this.expectationFor = expectations(assets);
  }

  /** Leaves the key as it is, and remembers it: the other callbacks get the page's URL, which may be signed. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, state}) => {
    const kept = state as RequestState;
    kept.keys ??= new Set();
    kept.keys.add(request.url);
    return request;
  };

  /** What a cache has was checked when it was stored. It is not read again: a hit stays as fast as it is. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({cachedResponse, state}) => {
    (state as RequestState).standing = 'proven';
    return cachedResponse;
  };

  /** Nobody has checked what another plugin may answer with now. */
  fetchDidFail: FetchDidFailCallback = async ({state}) => {
    (state as RequestState).standing = undefined;
  };

  /** Holds an answer back until it is verified, in the mode `before-serving`. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({request, response, event, state}) => {
    const kept = state as RequestState;
    const answer = await this.proven(kept, pageRequest(event, request), response);
    kept.standing = answer.type === 'error' ? 'refused' : 'proven';
    return answer;
  };

  /** Ends what Workbox would end as a rejection that nobody handles. */
  handlerDidError: HandlerDidErrorCallback = async ({state}) =>
    (state as RequestState).standing === 'refused' ? Response.error() : undefined;

  /** The last gate: other plugins may have asked the network by themselves. */
  handlerWillRespond: HandlerWillRespondCallback = async ({request, response, state}) => {
    const kept = state as RequestState;
    const mayPass = kept.standing === 'proven' && response.type !== 'opaque';
    return mayPass ? response : this.proven(kept, request, response);
  };

  /** Lets a response into the cache, a listed one under the condition that its bytes turn out to be right. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const kept = state as RequestState;
    const asset = this.assetOf(kept, request);
    if (asset && response.type === 'opaque') {
      letGo(response);
      this.onFailure(asset)({reason: 'opaque', expected: asset.expected, got: {}});
      return null;
    }
    // Having this callback switches off the strategy's own check of the status.
    if (response.status !== 200 && !(OPAQUE_ALLOWED in response)) {
      letGo(response);
      return null;
    }
    if (!asset && process.env.NODE_ENV !== 'production') {
      noteUnlisted(kept);
    }
    return !asset || asset.key === kept.verifiedKey
      ? response
      : whileStoring(pageRequest(event, request), response, asset.expected, this.onFailure(asset));
  };

  /** The answer that the page may have, in the mode `before-serving`. */
  private async proven(kept: RequestState, request: Request, response: Response): Promise<Response> {
    const asset = this.mode === 'before-serving' ? this.assetOf(kept, request) : undefined;
    if (!asset) {
      return response;
    }
    const answer = await beforeServing(request, response, asset.expected, this.onFailure(asset));
    kept.verifiedKey = answer.ok ? asset.key : undefined;
    return answer;
  }

  /**
   * The listed asset that a response is of. Of several keys the first that is listed, so that what is stored under any
   * of them is checked: at the worst, the right bytes of another are refused.
   */
  private assetOf({keys}: RequestState, request: Request): Asset | undefined {
    for (const url of keys ?? [request.url]) {
      const key = url.replace(/#.*/, '');
      const expected = this.expectationFor(key);
      if (expected) {
        return {key, expected};
      }
    }
    return undefined;
  }

  private onFailure({key}: Asset): OnFailure {
    return (failure) => {
      report({type: 'INTEGRITY_FAILED', payload: Object.assign({key}, failure)});
      if (process.env.NODE_ENV !== 'production') {
        const fate =
          this.mode === 'while-storing'
            ? 'It was not stored. The page got its bytes.'
            : 'The page did not get it.';
        logger.error(`'${key}' ${explain(failure)} ${fate}`);
      }
    };
  }
}
