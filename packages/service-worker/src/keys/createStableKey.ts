import {builtInTables} from './builtInTables.ts';
import {createRequestKey} from './createRequestKey.ts';
import {checkOptions, type StableKeyOptions} from './options.ts';
import {resolveRules} from './resolveRules.ts';

/**
 * Returns a {@link stableKey} that knows more schemes and providers than the built-in ones.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 *
 * @example
 * const keyOf = createStableKey({providers: [{hosts: 'models.example.com', drop: 'session'}]});
 */
export function createStableKey(options: StableKeyOptions = {}): (url: string | URL) => string {
  checkOptions(options);
  const keyOf = createRequestKey(resolveRules(options, builtInTables(options)));
  // Not `keyOf` itself: `urls.map(stableKey)` would pass it a second argument.
  return (url) => keyOf(url);
}
