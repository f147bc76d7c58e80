export default [
  {
    name: 'VersionScopePlugin and handleVersionMessages',
    path: 'dist/index.js',
    import: '{ VersionScopePlugin, handleVersionMessages }',
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '4.8 kB',
  },
];
