export default [
  {
    name: 'QuotaGuardPlugin',
    path: 'dist/index.js',
    import: '{ QuotaGuardPlugin }',
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '2.45 kB',
  },
];
