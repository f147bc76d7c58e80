const limits = {
  '*': '7.2 kB',
  '{ register, line }': '5.3 kB',
  '{ download }': '4.3 kB',
};

export default Object.entries(limits).map(([names, limit]) => ({
  name: names === '*' ? 'everything' : names,
  path: 'dist/index.js',
  import: names,
  modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
  gzip: true,
  limit,
}));
