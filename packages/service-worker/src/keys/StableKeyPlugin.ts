import {builtInTables} from './builtInTables.ts';
import type {StableKeyOptions} from './options.ts';
import {PlainStableKeyPlugin} from './PlainStableKeyPlugin.ts';

export type StableKeyPluginOptions = StableKeyOptions;

/**
 * Stores an asset under its {@link stableKey}, so that it is found again by any signed URL, mirror or spelling. Give it
 * to a strategy as the first plugin.
 *
 * - The key is a request without credentials: of its headers, only `Accept…`, `Range` and `If-Range` stay.
 * - A request whose `Accept` asks for another body at the same URL gets a key of its own: it is neither stored as the
 *   file nor answered with it.
 * - A request for a single range is answered from the stored file with that range.
 */
export class StableKeyPlugin extends PlainStableKeyPlugin {
  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: StableKeyPluginOptions = {}) {
    super(options, builtInTables(options));
  }
}
