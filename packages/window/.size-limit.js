const limits = {
  '*': '6.6 kB',
  '{ register, line }': '4.7 kB',
  '{ download }': '3.7 kB',
};

export default Object.entries(limits).map(([names, limit]) => ({
  name: names === '*' ? 'everything' : names,
  path: 'dist/index.js',
  import: names,
  modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
  gzip: true,
  limit,
}));
