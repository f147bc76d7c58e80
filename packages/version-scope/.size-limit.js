// The limit leaves no room for the texts of options.js, about half a kilobyte: a production build must not carry them.
export default [
  {
    name: 'VersionScopePlugin and handleVersionMessages',
    path: 'dist/index.js',
    import: '{ VersionScopePlugin, handleVersionMessages }',
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '7.6 kB',
  },
];
