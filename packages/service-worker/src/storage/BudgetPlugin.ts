import {Releases} from '../releases/Releases.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import type {BudgetPluginOptions} from './options.ts';
import {PlainBudgetPlugin} from './PlainBudgetPlugin.ts';
import {ReleaseRoom} from './ReleaseRoom.ts';

/**
 * Keeps what a route stores within limits: of bytes, of files, and of age. Room is made before bytes come. What was not
 * used for longest goes first, and never a part of a release: releases go as a whole, and those that are current, kept,
 * staged or used stay.
 *
 * Give it to a strategy after `VersionScopePlugin`. It takes the place of Workbox's `ExpirationPlugin`.
 *
 * @example
 * registerRoute(
 *   ({url}) => url.hostname === 'cdn.example.org',
 *   new CacheFirst({
 *     cacheName: 'maps',
 *     plugins: [new QuotaGuardPlugin(), new BudgetPlugin({maxBytes: '500 MB', maxAgeSeconds: 604_800})],
 *   }),
 * );
 */
export class BudgetPlugin extends PlainBudgetPlugin {
  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: BudgetPluginOptions = {}, worker: WorkerState = thisWorker) {
    super(options, worker);
    this.ledger.releases ??= new ReleaseRoom(worker.part(Releases));
  }
}
