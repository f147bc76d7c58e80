/** The worker of the tests that stages releases, also such whose URLs do not say the version. */

import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {handleReleaseMessages} from '@holdfast/service-worker/releases/stage';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './holdfast.ts';

handleReleaseMessages();

registerRoute(
  ({url}) => url.pathname.startsWith('/latest/'),
  new CacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new VersionScopePlugin({prefix: 'latest', pattern: /\/latest\/(?:(?<version>v\d+)\/)?/}),
    ],
  }),
);
