import {registerAssets} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {CacheFirst} from 'workbox-strategies';
import {serve} from './serve.ts';

serve(
  new CacheFirst({
    cacheName: 'holdfast',
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new VersionScopePlugin({prefix: 'pyodide', pattern: /\/pyodide\/v(?<version>[^/]+)\//}),
    ],
  }),
);
registerAssets([]);
