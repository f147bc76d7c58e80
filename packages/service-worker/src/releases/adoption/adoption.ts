import type {Feature} from '../../messages/Feature.ts';
import {OptionsChecker} from '../../options/OptionsChecker.ts';
import {Releases} from '../Releases.ts';
import {OldCaches} from './OldCaches.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * Takes over what caches of before hold: of a plain Workbox route, or of a library such as Transformers.js. What a route
 * would fetch is moved into its release when a page asks for it, and the rest in the background; what is damaged or is not
 * the asset is deleted. A cache in which nothing is left is deleted, too. Entries that no route of ours answers stay.
 *
 * It begins when the worker handles its first request: until then, the worker before it may use these caches.
 *
 * @param caches their names.
 * @throws TypeError in a development build, for anything but names.
 *
 * @example
 * registerAssets([...pyodide()], {features: [adoption(['models', 'transformers-cache'])]});
 */
export const adoption = (caches: readonly string[]): Feature => ({
  setUp: (worker) => {
    if (process.env.NODE_ENV !== 'production') {
      const checker: OptionsChecker = new OptionsChecker('adoption');
      const areNames = Array.isArray(caches) && caches.every((name) => typeof name === 'string' && name);
      checker.check(areNames, 'caches', 'an array of names of caches', caches);
    }
    const releases = worker.part(Releases);
    if (!releases.adopted) {
      const old = new OldCaches(worker, caches);
      releases.adopted = old;
      self.addEventListener('fetch', () => void old.adopt().catch(() => undefined), {once: true});
    }
  },
});
