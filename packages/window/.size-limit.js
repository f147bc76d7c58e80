const limits = {
  '*': '7 kB',
  '{ register, line }': '5.1 kB',
  '{ download }': '4.1 kB',
};

export default Object.entries(limits).map(([names, limit]) => ({
  name: names === '*' ? 'everything' : names,
  path: 'dist/index.js',
  import: names,
  modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
  gzip: true,
  limit,
}));
