import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {type ExpectedAsset, type IntegrityMode, IntegrityPlugin} from '@holdfast/service-worker/integrity';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {CacheFirst} from 'workbox-strategies';
import {serve} from './serve.ts';

/**
 * The bench writes into the worker's URL what is expected, and when to check it. Without a mode, nothing is
 * checked.
 */
const params = new URL(self.location.href).searchParams;
const assets: ExpectedAsset[] = JSON.parse(params.get('assets') ?? '[]');
const mode = params.get('mode') as IntegrityMode | null;

serve(
  new CacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      ...(mode ? [new IntegrityPlugin({assets, mode})] : []),
      new VersionScopePlugin({prefix: mode ?? 'unchecked', pattern: /\/v(?<version>\d+)\//}),
    ],
  }),
);
