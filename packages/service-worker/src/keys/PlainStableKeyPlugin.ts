import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {answerFromStored} from '../http/answerFromStored.ts';
import {credentialFor, credentialKey, headersOfKey, publicEntry} from '../worker/accountKey.ts';
import {createRequestKey, type RequestKey} from './createRequestKey.ts';
import {checkOptions, type StableKeyOptions} from './options.ts';
import {type CompiledTables, resolveRules} from './resolveRules.ts';

/** A `StableKeyPlugin` without built-in tables. A build gives it those that its routes need, with `compileTables()`. */
export class PlainStableKeyPlugin implements WorkboxPlugin {
  readonly holdfast = 'stableKey';
  private readonly requestKey: RequestKey;

  /**
   * @param tables the rules that are known besides those of the options.
   * @throws TypeError that names the option, what it must be, and the value it got: in a development build.
   */
  constructor(options: StableKeyOptions = {}, tables: CompiledTables = {providers: [], signatures: []}) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    this.requestKey = createRequestKey(resolveRules(options, tables));
  }

  /**
   * Returns the key of a URL, as requests through this plugin get it.
   *
   * @param accept the `Accept` header of the request. A few hosts answer one URL with two bodies.
   */
  keyOf(url: string, accept?: string): string {
    return this.requestKey(url, accept);
  }

  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, event}) => {
    // A key is a GET request. Made of another method, it would let the empty answer to a HEAD be stored as the file.
    if (request.method !== 'GET') {
      return request;
    }
    const key = this.keyOf(request.url, request.headers.get('accept') ?? '');
    const credential = credentialFor(event, request);
    // What is only looked up is not stored: another object would cost time on every hit.
    if (key === request.url && mode === 'read') {
      return credentialKey(request, credential);
    }
    const headers = headersOfKey(request);
    // A range belongs to the file. Clients ask for a description and one byte at once, and get the whole description.
    if (headers.has('range') && key !== this.keyOf(request.url)) {
      headers.delete('range');
    }
    return credentialKey(new Request(key, {headers}), credential);
  };

  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const stored = await publicEntry(param);
    // A stored body that cannot be read counts as a miss: the page gets the range from the network.
    return stored && answerFromStored(param.request, stored).catch(() => null);
  };
}
