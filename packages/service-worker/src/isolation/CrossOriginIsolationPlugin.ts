import type {
  FetchDidSucceedCallback,
  HandlerWillRespondCallback,
  HandlerWillRespondCallbackParam,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {deriveRequest} from '../http/deriveRequest.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {pageRequest} from '../worker/RequestContext.ts';
import {logger} from '../worker/workboxInternals.ts';
import {defaultEmbedderPolicy} from './defaultEmbedderPolicy.ts';
import {isOwn, isolated} from './isolated.ts';
import {type CrossOriginIsolationPluginOptions, checkOptions, type EmbedderPolicy} from './options.ts';

/**
 * Makes pages cross-origin isolated whose host cannot set headers: the worker adds them to its answers. Such a page has
 * `SharedArrayBuffer`, and with it the threads of WebAssembly. https://web.dev/articles/coop-coep
 *
 * Give it to every strategy that answers documents, scripts of workers, or files of other origins, as the last plugin:
 * after those that find or make a response.
 *
 * @example
 * registerRoute(
 *   ({request}) => ['document', 'iframe', 'worker', 'sharedworker'].includes(request.destination),
 *   new NetworkFirst({cacheName: 'pages', plugins: [new CrossOriginIsolationPlugin()]}),
 * );
 */
export class CrossOriginIsolationPlugin implements WorkboxPlugin {
  readonly holdfast = 'crossOriginIsolation';
  private readonly embedderPolicy: EmbedderPolicy;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: CrossOriginIsolationPluginOptions = {}) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    this.embedderPolicy = options.embedderPolicy ?? defaultEmbedderPolicy(navigator.userAgent);
  }

  /**
   * Sends requests without CORS to other origins without cookies. The browser itself does so on a `credentialless` page,
   * but a worker's request is sent under the worker's policy, and the page would refuse an answer that may be
   * per-account. https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
   */
  requestWillFetch: RequestWillFetchCallback = async ({request}) =>
    this.embedderPolicy === 'credentialless' && request.mode === 'no-cors' && !isOwn(request)
      ? deriveRequest(request, {credentials: 'omit'})
      : request;

  /** Adds the headers before the answer is stored, so that a hit has them. */
  fetchDidSucceed: FetchDidSucceedCallback = async (param) => this.isolated(param);

  /**
   * Adds the headers to what was stored without them, and to what comes neither from the cache nor from a fetch of the
   * strategy: a navigation that was preloaded, and the fallback of another plugin.
   */
  handlerWillRespond: HandlerWillRespondCallback = async (param) => {
    if (process.env.NODE_ENV !== 'production') {
      const {request, response} = param;
      if (response.type === 'opaque' && this.embedderPolicy === 'require-corp') {
        logger.debug(
          `'${shownUrl(request.url)}' is opaque: a page gets it only if its host sends Cross-Origin-Resource-Policy.`,
        );
      }
    }
    return this.isolated(param);
  };

  private isolated({request, response, event}: HandlerWillRespondCallbackParam): Response {
    return isolated(pageRequest(event) ?? request, response, this.embedderPolicy);
  }
}
