/** Class → what a configuration has in the place of its instances. */
const INSTEAD = new Map([
  ['BudgetPlugin', 'budget() of @holdfast/build'],
  ['CrossOriginIsolationPlugin', 'crossOriginIsolation() of @holdfast/build'],
  ['IntegrityPlugin', 'integrity() of @holdfast/build'],
  ['OnlyIfChangedPlugin', 'onlyIfChanged() of @holdfast/build'],
  ['QuotaGuardPlugin', 'quotaGuard() of @holdfast/build'],
  ['StableKeyPlugin', 'stableKey() of @holdfast/build'],
  ['VersionScopePlugin', 'versionScope() of @holdfast/build'],
  ['BackgroundSyncPlugin', "the route's option 'backgroundSync'"],
  ['BroadcastUpdatePlugin', "the route's option 'broadcastUpdate'"],
  ['CacheableResponsePlugin', "the route's option 'cacheableResponse'"],
  ['ExpirationPlugin', "the route's option 'expiration'"],
  ['PrecacheFallbackPlugin', "the route's option 'precacheFallback'"],
  ['RangeRequestsPlugin', "the route's option 'rangeRequests'"],
]);

export const className = (value: object): string =>
  Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';

/** Returns what to write instead of an instance; `undefined` for classes of others. */
export const insteadOf = (value: object): string | undefined => INSTEAD.get(className(value));
