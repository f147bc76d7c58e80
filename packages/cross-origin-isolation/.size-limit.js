export default [
  {
    name: 'CrossOriginIsolationPlugin',
    path: 'dist/index.js',
    import: '{ CrossOriginIsolationPlugin }',
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '700 B',
  },
];
