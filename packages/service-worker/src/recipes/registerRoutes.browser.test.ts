import {expect, it, vi} from 'vitest';
import {CacheFirst} from 'workbox-strategies';
import {QuotaGuardPlugin} from '../guard/index.ts';
import {StableKeyPlugin} from '../keys/index.ts';
import {VersionScopePlugin} from '../releases/index.ts';
import {huggingFace} from './huggingFace.ts';
import type {RouteEntry} from './RouteEntry.ts';
import {registerRoutes} from './registerRoutes.ts';

const resumable: RouteEntry = {
  urlPattern: /^https:\/\/example\.org\/models\//,
  handler: 'ResumableCacheFirst',
  options: {cacheName: 'models', plugins: [], minBytes: 1_000_000, pieceBytes: 100_000},
};

it('makes the strategy that it is handed, with the plugins and the sizes of the route', () => {
  const made = vi.fn();
  class ResumableCacheFirst extends CacheFirst {
    constructor(options: object) {
      super(options);
      made(options);
    }
  }

  registerRoutes([resumable, ...huggingFace({resumable: true, only: '*/my-org/*'})], {ResumableCacheFirst});

  const plugins = [expect.any(StableKeyPlugin), expect.any(QuotaGuardPlugin), expect.any(VersionScopePlugin)];
  expect(made.mock.calls).toEqual([[resumable.options], [{plugins}], [{plugins}]]);
});

it('says which strategy is missing, and how to hand it in', () => {
  expect(() => registerRoutes([resumable])).toThrow(
    new TypeError(
      "registerRoutes: there is no strategy 'ResumableCacheFirst'. That of @holdfast/large-files has to be handed " +
        'in: registerRoutes(routes, {ResumableCacheFirst}).',
    ),
  );
});
