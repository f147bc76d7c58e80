import type {Route} from 'workbox-routing';
import type {Strategy} from 'workbox-strategies/Strategy.js';
import {holdsSecret} from '../../http/holdsSecret.ts';
import {shownUrl} from '../../http/shownUrl.ts';
import {withoutSecret} from '../../http/withoutSecret.ts';
import {headersIn} from '../../messages/headersIn.ts';
import type {Payload} from '../../messages/MessageListener.ts';
import {nothingKnown} from '../../messages/nothingKnown.ts';
import type {Expected, Explanation, RouteInfo} from '../../messages/protocol.ts';
import {textIn} from '../../messages/textIn.ts';
import {useOf} from '../../releases/ClientUses.ts';
import {stateOf} from '../../releases/listLines.ts';
import {Releases} from '../../releases/Releases.ts';
import {readRecord} from '../../releases/records.ts';
import {cacheNameOf, nameOf, releaseOf, type Scope} from '../../releases/releaseOf.ts';
import {stagedRelease} from '../../releases/stage/stagedReleases.ts';
import {accountKey} from '../../worker/accountKey.ts';
import {type Asked, matchOf, missedRoutes, routesFor, saying} from '../../worker/missedRoutes.ts';
import {PolicyBlocks} from '../../worker/PolicyBlocks.ts';
import {clientOf} from '../../worker/RequestContext.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {Ledger} from '../Ledger.ts';
import {findStored} from './findStored.ts';
import {keyOf} from './keyOf.ts';
import {Outcomes} from './Outcomes.ts';

/** What our plugins look like from outside: a worker without one does not carry its code. */
interface OurPlugin {
  holdfast?: string;
  /** Of a `VersionScopePlugin`. */
  scope?: Scope;
  /** Of an `IntegrityPlugin`. */
  expectationFor?(key: string): Expected | undefined;
  cacheKeyWillBeUsed?: unknown;
}

const shownKey = (key: string): string => (holdsSecret(key) ? shownUrl(key) : key);

/** Reads what a page asks about. https://w3c.github.io/ServiceWorker/#fetchevent-interface */
const askedIn = (payload: Payload, event: ExtendableEvent): Asked => {
  const url = new URL(textIn(payload, 'url'));
  // A script may make no request with them.
  url.username = url.password = '';
  const {method = 'GET', destination = ''} = payload;
  const headers = new Headers(headersIn(payload));
  if (!headers.has('accept')) {
    headers.set('accept', '*/*');
  }
  const {mode = destination === 'document' ? 'navigate' : 'cors'} = payload;
  const request = new Request(url, {headers});
  return {url, event, request: saying(request, {method, destination, mode})};
};

const infoOf = (route: Route, routes: readonly Route[], asked: Asked): RouteInfo => {
  const {plugins, cacheName = null, sizes} = route.handler as Partial<Strategy> & {sizes?: unknown};
  const ours = (plugins ?? []) as readonly OurPlugin[];
  return {
    index: routes.indexOf(route) + 1,
    routes: routes.length,
    later: routes.flatMap((one, at) => (at > routes.indexOf(route) && matchOf(one, asked) ? at + 1 : [])),
    isFunction: !plugins,
    cacheName,
    plugins: ours.flatMap(({holdfast}) => holdfast ?? []),
    isResumable: sizes !== undefined,
    hasOtherKeys: ours.some(({holdfast, cacheKeyWillBeUsed}) => !holdfast && cacheKeyWillBeUsed),
  };
};

/** Returns the release that a page's request for a key belongs to. It pins nothing. */
const findRelease = async (releases: Releases, scope: Scope, key: string, client: string) => {
  const release = releaseOf(scope, key);
  if (!release) {
    return undefined;
  }
  const {line} = release;
  const [record, uses] = await Promise.all([readRecord('line', line), releases.clientUses.get()]);
  const version = release.version ?? (uses && useOf(uses, line, client)?.pinned) ?? record?.current;
  const staged = version === undefined ? undefined : await stagedRelease(line, version);
  return {line, version, staged, record};
};

/** Explains what becomes of a URL. It changes nothing that is stored, and requests nothing. */
export const explainUrl = async (
  worker: WorkerState,
  payload: Payload,
  event: ExtendableMessageEvent,
): Promise<Explanation> => {
  const asked = askedIn(payload, event);
  const {url, request} = asked;
  const releases = worker.part(Releases);
  const outcomes = worker.part(Outcomes);
  // Routes may have been added since.
  outcomes.watch();
  const routes = routesFor(request.method);
  const route = routes.find((one) => matchOf(one, asked));
  const explanation = Object.assign(nothingKnown(url.href), {
    isBlocked: worker.part(PolicyBlocks).hosts.has(url.host),
    isTurnedOff: releases.isTurnedOff,
  });
  if (!route) {
    return Object.assign(explanation, {missed: missedRoutes(asked)});
  }
  const {plugins = [], cacheName} = route.handler as Partial<Strategy>;
  // A precached page is stored under another key.
  const {cacheKey} = Object(matchOf(route, asked)) as {cacheKey?: string};
  const key = cacheKey ?? keyOf(plugins, request);
  explanation.route = infoOf(route, routes, asked);
  // What a precached page is stored under is known.
  explanation.route.hasOtherKeys &&= cacheKey === undefined;
  explanation.key = shownKey(key);
  const ours = plugins as readonly OurPlugin[];
  const scope = ours.find(({holdfast}) => holdfast === 'versionScope')?.scope;
  const release = scope && (await findRelease(releases, scope, key, clientOf(event)));
  if (release) {
    const {line, version = null, staged, record} = release;
    explanation.release = {
      line: nameOf(line),
      version,
      state: version === null ? null : stateOf(version, record, staged),
      current: record?.current ?? null,
    };
  }
  const home = release ? release.version && cacheNameOf(release.line, release.version) : cacheName;
  if (home) {
    const integrity = ours.find(({expectationFor}) => expectationFor);
    const listed = integrity?.expectationFor?.(key);
    const ownKey = (await accountKey(worker, event, new Request(key, {headers: request.headers}), 'read'))
      .url;
    // What an account has of its own comes first, as in an answer.
    for (const one of ownKey === key ? [key] : [ownKey, key]) {
      explanation.stored ??= await findStored({key: one, cacheName: home, staged: release?.staged, listed});
      explanation.isOwn ||= explanation.stored !== null && one !== key;
      const entry = explanation.stored && (await worker.part(Ledger).find({key: one, cacheName: home}));
      if (entry && explanation.stored) {
        explanation.stored.ageSeconds = Math.max(0, Math.round((Date.now() - entry.storedAt) / 1000));
        break;
      }
    }
  }
  const keys = [key, await withoutSecret(key)];
  explanation.download = outcomes.downloadOf(keys);
  explanation.refusal = explanation.stored?.isComplete ? null : outcomes.refusalOf(keys);
  return explanation;
};
