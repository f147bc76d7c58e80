/** The worker of the tests of staging, also of releases without a version in their URLs. */

import {registerAssets, staging} from '@holdfast/service-worker';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './holdfast.ts';

registerRoute(
  ({url}) => url.pathname.startsWith('/latest/'),
  new CacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new VersionScopePlugin({prefix: 'latest', pattern: /\/latest\/(?:(?<version>v\d+)\/)?/}),
    ],
  }),
);

// The second call: `holdfast.ts` has set up the worker already.
registerAssets([], {features: [staging()]});
