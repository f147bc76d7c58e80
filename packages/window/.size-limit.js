const limits = {
  '*': '7.5 kB',
  '{ register, line }': '5.6 kB',
  '{ download }': '4.6 kB',
};

export default Object.entries(limits).map(([names, limit]) => ({
  name: names === '*' ? 'everything' : names,
  path: 'dist/index.js',
  import: names,
  modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
  gzip: true,
  limit,
}));
