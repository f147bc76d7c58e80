/** The worker of the tests that stages releases, also such whose URLs do not say the version. */
import {handleReleaseMessages} from '@holdfast/releases';
import {StableKeyPlugin} from '@holdfast/stable-key';
import {VersionScopePlugin} from '@holdfast/version-scope';
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
