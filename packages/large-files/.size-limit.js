export default [
  {
    name: 'ResumableCacheFirst, without Workbox',
    path: 'dist/index.js',
    import: '{ ResumableCacheFirst }',
    ignore: ['workbox-core', 'workbox-strategies'],
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '8.25 kB',
  },
];
