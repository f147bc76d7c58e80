import type {PluginName} from '@holdfast/service-worker/recipes';
import type {Route, RouteOptions} from './config.ts';
import {isEntry} from './entries.ts';
import {isOurs} from './ours.ts';
import type {Place} from './Place.ts';

/** A host at the beginning of an expression that is not tied to the beginning of a URL. */
const BEGINS_WITH_A_HOST = /^(?:\(\?:)?(?:[a-z\d-]+\\\.)+[a-z]{2,}\\\//;

/** Whole URLs, and paths of the page's own origin. */
const IS_URL = /^(?:https?:\/)?\//;

/** What makes a pattern of a string elsewhere: in globs, in URLPattern. */
const IS_PATTERN = /[*{}()]|\/:/;

const checkString = (urlPattern: string, place: Place): void => {
  if (IS_PATTERN.test(urlPattern)) {
    place.refuse(
      `is ${JSON.stringify(urlPattern)}, and Workbox compares a string with the whole URL.`,
      'Write a RegExp, or release({url}) for a pattern in the syntax of URLPattern.',
    );
  }
  if (!IS_URL.test(urlPattern)) {
    place.refuse(
      `is ${JSON.stringify(urlPattern)}, which no URL equals.`,
      'Write a whole URL with https://, a path that begins with /, or a RegExp.',
    );
  }
};

const checkRegExp = ({source, flags}: RegExp, place: Place): void => {
  if (/[gy]/.test(flags)) {
    place.refuse(
      `has the flags '${flags}': with g and y, a RegExp remembers where it stopped, and misses every second request.`,
      `Write /${source}/${flags.replace(/[gy]/g, '')}.`,
    );
  }
  if (BEGINS_WITH_A_HOST.test(source)) {
    place.refuse(
      `does not match from the beginning of a URL, as Workbox requires of a RegExp for another origin.`,
      `Write /^https:\\/\\/${source}/.`,
    );
  }
};

/** The statuses of a shorthand that no plugin of ours stores. */
const checkStatuses = ({cacheableResponse}: RouteOptions, place: Place): void => {
  const {statuses = []} = Object(cacheableResponse) as {statuses?: unknown};
  if (Array.isArray(statuses) && statuses.some((status) => status !== 200)) {
    place
      .at('cacheableResponse.statuses')
      .refuse(
        `is ${JSON.stringify(statuses)}, and beside our plugins nothing but a whole file (200) is stored.`,
        'Leave it out. For opaque responses (0), write quotaGuard({opaque: {…}}); ranges (206) are answered from the file.',
      );
  }
};

/**
 * Refuses a route with our plugins, or with our strategy, on which they would have no effect or do harm.
 *
 * @param isStaged whether pages may stage releases.
 * @param hasBudgets whether there are limits of everything that is stored.
 * @throws TypeError that says what to write instead.
 */
export const checkEffect = (route: Route, place: Place, isStaged: boolean, hasBudgets: boolean): void => {
  const {urlPattern, handler, options = {}} = route;
  const {plugins = []} = options;
  const names: readonly PluginName[] = plugins.flatMap((plugin) => (isEntry(plugin) ? plugin.holdfast : []));
  if (!isOurs(route)) {
    return;
  }
  const at = place.at('urlPattern');
  if (typeof urlPattern === 'string') {
    checkString(urlPattern, at);
  } else if (urlPattern instanceof RegExp) {
    checkRegExp(urlPattern, at);
  }
  const storing = names.find((name) => name !== 'crossOriginIsolation');
  if (handler === 'NetworkOnly' && storing) {
    place
      .at('handler')
      .refuse(
        `is NetworkOnly, which stores nothing, and ${storing}() is about what is stored.`,
        "Write e.g. 'CacheFirst'.",
      );
  }
  checkStatuses(options, place.at('options'));
  if (options.expiration && (hasBudgets || names.includes('budget'))) {
    place
      .at('options.expiration')
      .refuse(
        'would delete files without a word to the budget, which then counts what is gone.',
        'Leave it out: budget() has maxEntries and maxAgeSeconds, too.',
      );
  }
  if (isStaged && names.includes('versionScope') && options.expiration) {
    place
      .at('options.expiration')
      .refuse(
        'would delete files of a release that is stored as a whole.',
        'Leave it out: a switch deletes old releases. Or turn staging off: withHoldfast({…}, {staging: false}).',
      );
  }
};

/** What one route has in common with another that it leaves nothing to. */
const isSwallowedBy = (route: Route, earlier: Route): boolean => {
  const {urlPattern, method = 'GET'} = route;
  if (earlier.destinations || (earlier.method ?? 'GET') !== method) {
    return false;
  }
  if (!(urlPattern instanceof RegExp && earlier.urlPattern instanceof RegExp)) {
    return typeof urlPattern === 'string' && urlPattern === earlier.urlPattern;
  }
  const rest = urlPattern.source.startsWith(earlier.urlPattern.source)
    ? urlPattern.source.slice(earlier.urlPattern.source.length)
    : undefined;
  // What the later expression adds can only narrow it, unless that belongs to the last character, or is an alternative.
  return (
    rest !== undefined &&
    !/^[*+?{]/.test(rest) &&
    !urlPattern.source.includes('|') &&
    earlier.urlPattern.flags === urlPattern.flags
  );
};

/**
 * Refuses a route with our plugins that no request reaches, because an earlier one answers all of its requests.
 *
 * @throws TypeError that names both.
 */
export const checkOrder = (
  routes: readonly Route[],
  placeOf: (route: Route, index: number) => Place,
): void => {
  for (const [index, route] of routes.entries()) {
    const before = routes.slice(0, index).findIndex((earlier) => isSwallowedBy(route, earlier));
    if (before >= 0 && isOurs(route)) {
      placeOf(route, index).refuse(
        `gets no request: runtimeCaching[${before}] stands before it, and answers all of them.`,
        'Put the more special route first.',
      );
    }
  }
};
