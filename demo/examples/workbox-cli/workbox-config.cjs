const {quotaGuard, stableKey, versionScope, withHoldfast} = require('@holdfast/build');

module.exports = withHoldfast({
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
});
