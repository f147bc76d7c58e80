import {quotaGuard, stableKey, versionScope, withHoldfast} from '@holdfast/build';
import CopyPlugin from 'copy-webpack-plugin';
import {GenerateSW} from 'workbox-webpack-plugin';

export default {
  mode: 'production',
  plugins: [
    new CopyPlugin({patterns: ['static']}),
    new GenerateSW(
      withHoldfast({
        swDest: 'sw.js',
        skipWaiting: true,
        clientsClaim: true,
        runtimeCaching: [
          {
            urlPattern: /^https:\/\/huggingface\.co\/buckets\//,
            handler: 'CacheFirst',
            options: {
              cacheName: 'models',
              expiration: {maxEntries: 3},
              plugins: [
                stableKey(),
                quotaGuard(),
                versionScope({
                  prefix: 'models',
                  pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//,
                }),
              ],
            },
          },
        ],
      }),
    ),
  ],
};
