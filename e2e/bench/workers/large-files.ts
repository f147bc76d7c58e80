import {ResumableCacheFirst} from '@holdfast/large-files';
import {QuotaGuardPlugin} from '@holdfast/quota-guard';
import {StableKeyPlugin} from '@holdfast/stable-key';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/version-scope';
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
handleVersionMessages();
