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
import {admit, refusalToStore} from '../guard/isStorable.ts';
import {isStoreFailure, reportRefusal} from '../guard/reportRefusal.ts';
import {discardBody} from '../http/discardBody.ts';
import {publicKey} from '../http/partition.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {Channel} from '../messages/Channel.ts';
import type {Expected} from '../messages/protocol.ts';
import {accountKey} from '../worker/accountKey.ts';
import {pageRequest} from '../worker/RequestContext.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {logger} from '../worker/workboxInternals.ts';
import {beforeServing} from './beforeServing.ts';
import type {OnFailure} from './checkedBody.ts';
import type {StreamingSha256} from './createHasher.ts';
import {expectations} from './expectations.ts';
import {explain} from './explain.ts';
import {checkOptions, type IntegrityMode, type IntegrityPluginOptions} from './options.ts';
import {whileStoring} from './whileStoring.ts';

/** What the plugin keeps for one request. Workbox passes it to each callback. */
interface RequestState {
  /** The keys of the request. There is one, unless the strategy fetches several URLs for one request. */
  keys?: Set<string>;
  /** Whether the page may get the answer, as far as is known. Needed in the mode `before-serving`. */
  verdict?: 'verified' | 'refused' | undefined;
  /** The key whose bytes were verified before they were served. */
  verifiedKey?: string | undefined;
}

/** The listed asset that a response belongs to. */
interface Asset {
  key: string;
  expected: Expected;
}

/** Logs, in a development build, that an asset is not listed: it may be listed under another URL. */
const noteUnlisted = ({keys = new Set()}: RequestState): void => {
  for (const key of keys) {
    logger.debug(`'${shownUrl(key)}' is stored unchecked, because it is not listed under its key.`);
  }
};

/** An `IntegrityPlugin` that collects every body before it digests it. For lists without large files. */
export class PlainIntegrityPlugin implements WorkboxPlugin {
  readonly holdfast = 'integrity';
  private readonly worker: WorkerState;
  private readonly mode: IntegrityMode;
  /** What is listed of a key. */
  readonly expectationFor: (key: string) => Expected | undefined;
  private readonly streaming: StreamingSha256 | undefined;

  /**
   * @param streaming digests large bodies.
   * @throws TypeError that names the option, what it must be, and the value it got: in a development build.
   */
  constructor(
    options: IntegrityPluginOptions,
    worker: WorkerState = thisWorker,
    streaming?: StreamingSha256 | undefined,
  ) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {assets, mode = 'while-storing'} = options;
    this.worker = worker;
    this.mode = mode;
    this.expectationFor = expectations(assets);
    this.streaming = streaming;
  }

  /** Notes the key, in its account's partition: the other callbacks get the page's URL, which may be signed. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, event, state}) => {
    const kept = state as RequestState;
    const key = await accountKey(this.worker, event, request, mode);
    kept.keys ??= new Set();
    kept.keys.add(publicKey(key.url));
    return key;
  };

  /** Passes a hit on unread, so that it stays fast. It was checked when it was stored. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({cachedResponse, state}) => {
    (state as RequestState).verdict = 'verified';
    return cachedResponse;
  };

  /** Notes that another plugin may answer now, with what was never checked. */
  fetchDidFail: FetchDidFailCallback = async ({state}) => {
    (state as RequestState).verdict = undefined;
  };

  /** Holds an answer back until it is verified, in the mode `before-serving`. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({request, response, event, state}) => {
    const kept = state as RequestState;
    const answer = await this.verified(kept, pageRequest(event) ?? request, response);
    kept.verdict = answer.type === 'error' ? 'refused' : 'verified';
    return answer;
  };

  /** Answers with a network error, where Workbox would leave an unhandled rejection. */
  handlerDidError: HandlerDidErrorCallback = async ({state}) =>
    (state as RequestState).verdict === 'refused' ? Response.error() : undefined;

  /** Checks what other plugins have fetched by themselves. */
  handlerWillRespond: HandlerWillRespondCallback = async ({request, response, state}) => {
    const kept = state as RequestState;
    const mayPass = kept.verdict === 'verified' && response.type !== 'opaque';
    return mayPass ? response : this.verified(kept, request, response);
  };

  /** Lets a response into the cache. Of a listed asset, the put fails unless the bytes are right. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const kept = state as RequestState;
    const context = this.worker.contextOf(event);
    const asset = this.assetOf(kept, request);
    if (asset && response.type === 'opaque') {
      discardBody(response);
      this.onFailure(asset)({reason: 'opaque', expected: asset.expected, got: {}});
      return null;
    }
    const refusal = await refusalToStore(request, response, context);
    if (refusal) {
      const [key = request.url] = kept.keys ?? [];
      if (isStoreFailure(refusal)) {
        reportRefusal(this.worker, event, key, response, refusal);
      }
      discardBody(response);
      return null;
    }
    if (!asset) {
      if (process.env.NODE_ENV !== 'production') {
        noteUnlisted(kept);
      }
      return response;
    }
    if (asset.key === kept.verifiedKey) {
      return response;
    }
    const onFailure = this.onFailure(asset);
    let checked: Response | null | undefined;
    checked = await whileStoring(
      pageRequest(event) ?? request,
      response,
      asset.expected,
      this.streaming,
      (failure) => {
        if (checked) {
          context.integrityFailures.set(checked, failure);
        }
        onFailure(failure);
      },
    );
    if (checked) {
      admit(context, checked);
    }
    return checked;
  };

  /** Returns the answer that the page may get, in the mode `before-serving`. */
  private async verified(kept: RequestState, request: Request, response: Response): Promise<Response> {
    const asset = this.mode === 'before-serving' ? this.assetOf(kept, request) : undefined;
    if (!asset) {
      return response;
    }
    const onFailure = this.onFailure(asset);
    const answer = await beforeServing(request, response, asset.expected, this.streaming, onFailure);
    kept.verifiedKey = answer.ok ? asset.key : undefined;
    return answer;
  }

  /**
   * Returns the listed asset that a response belongs to. Of several keys the first that is listed, so that what is
   * stored under any of them is checked: at worst, the right bytes of another are refused.
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
      this.worker.part(Channel).report({type: 'INTEGRITY_FAILED', payload: Object.assign({key}, failure)});
      if (process.env.NODE_ENV !== 'production') {
        const fate =
          this.mode === 'while-storing'
            ? 'It was not stored. The page has what has arrived of it.'
            : 'The page did not get it.';
        logger.error(`'${shownUrl(key)}' ${explain(failure)} ${fate}`);
      }
    };
  }
}
