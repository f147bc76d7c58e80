import {QuotaGuardPlugin} from '@holdfast/quota-guard';
import {StableKeyPlugin} from '@holdfast/stable-key';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/version-scope';
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
handleVersionMessages();
