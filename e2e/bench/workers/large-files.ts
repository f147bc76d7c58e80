import {downloads, registerAssets} from '@holdfast/service-worker';
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {serve} from './serve.ts';

serve(
  new ResumableCacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new VersionScopePlugin({prefix: 'large', pattern: /\/v(?<version>\d+)\//}),
    ],
  }),
);
registerAssets([], {features: [downloads()]});
