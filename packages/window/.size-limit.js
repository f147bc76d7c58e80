export default [
  {
    name: 'everything',
    path: 'dist/index.js',
    import: '*',
    modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
    gzip: true,
    limit: '5.65 kB',
  },
];
