import {cp} from 'node:fs/promises';
import {quotaGuard, stableKey, versionScope, withHoldfast} from '@holdfast/build';
import {generateSW} from 'workbox-build';

await cp('src', 'dist', {recursive: true});

await generateSW(
  withHoldfast({
    globDirectory: 'dist',
    globPatterns: ['**/*.html'],
    swDest: 'dist/sw.js',
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
);
