const production = (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}});

export default [
  {
    name: 'VersionScopePlugin and its messages',
    path: 'dist/index.js',
    import: '{ VersionScopePlugin, handleVersionMessages }',
    modifyEsbuildConfig: production,
    gzip: true,
    limit: '3 kB',
  },
];
