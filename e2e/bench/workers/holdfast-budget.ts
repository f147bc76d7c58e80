import {BudgetPlugin, budgets, registerAssets} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {CacheFirst} from 'workbox-strategies';
import {serve} from './serve.ts';

serve(
  new CacheFirst({
    cacheName: 'holdfast-budget',
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new VersionScopePlugin({prefix: 'budgeted', pattern: /\/pyodide\/v(?<version>[^/]+)\//}),
      new BudgetPlugin({maxBytes: '1 GB', maxEntries: 1000}),
    ],
  }),
);
registerAssets([], {features: [budgets({maxBytes: '2 GB'})]});
