import {quotaGuard, stableKey, versionScope, withHoldfast} from '@holdfast/build';
import {defineConfig} from 'vite';
import {VitePWA} from 'vite-plugin-pwa';

export default defineConfig({
  plugins: [
    VitePWA({
      registerType: 'autoUpdate',
      workbox: withHoldfast({
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
    }),
  ],
});
