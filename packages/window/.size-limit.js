const limits = {
  '*': '11.2 kB',
  '{ register, line }': '5.8 kB',
  '{ download }': '4.8 kB',
  '{ explain }': '6 kB',
};

export default Object.entries(limits).map(([names, limit]) => ({
  name: names === '*' ? 'everything' : names,
  path: 'dist/index.js',
  import: names,
  modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
  gzip: true,
  limit,
}));
