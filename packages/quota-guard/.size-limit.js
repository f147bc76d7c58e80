// The limit leaves no room for the texts of options.js, about half a kilobyte: a production build must not carry them.
export default [
  {
    name: 'QuotaGuardPlugin',
    path: 'dist/index.js',
    import: '{ QuotaGuardPlugin }',
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '1.9 kB',
  },
];
