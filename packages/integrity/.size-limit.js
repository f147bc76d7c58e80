const production = (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}});

// 7 kB are SHA-256 as WebAssembly. The limits leave no room for the texts of options.js and explain.js: a production
// build must not carry them.
export default [
  {
    name: 'IntegrityPlugin',
    path: 'dist/index.js',
    import: '{ IntegrityPlugin }',
    modifyEsbuildConfig: production,
    gzip: true,
    limit: '9.1 kB',
  },
  {
    name: 'verifyCache',
    path: 'dist/index.js',
    import: '{ verifyCache }',
    modifyEsbuildConfig: production,
    gzip: true,
    limit: '8.4 kB',
  },
];
