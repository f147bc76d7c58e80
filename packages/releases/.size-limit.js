const production = (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}});

export default [
  {
    name: 'handleReleaseMessages, beside the plugins and handleVersionMessages',
    path: 'dist/index.js',
    import: '{ handleReleaseMessages }',
    modifyEsbuildConfig: production,
    gzip: true,
    limit: '24.2 kB',
  },
];
