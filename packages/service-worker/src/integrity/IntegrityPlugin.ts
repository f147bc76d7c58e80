import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import type {IntegrityPluginOptions} from './options.ts';
import {PlainIntegrityPlugin} from './PlainIntegrityPlugin.ts';
import {streamingSha256} from './streamingSha256.ts';

/**
 * Checks the bytes of listed assets against their size and digest while they stream. What is wrong, cut off or too long
 * is not stored.
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
export class IntegrityPlugin extends PlainIntegrityPlugin {
  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: IntegrityPluginOptions, worker: WorkerState = thisWorker) {
    super(options, worker, streamingSha256);
  }
}
