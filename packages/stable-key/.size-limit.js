/** What a production build of a worker gets: bundled, minified, without the development log. */
const modifyEsbuildConfig = (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}});
const measured = {path: 'dist/index.js', gzip: true, modifyEsbuildConfig};

export default [
  {...measured, name: 'stableKey', import: '{ stableKey }', limit: '2.95 kB'},
  {...measured, name: 'StableKeyPlugin', import: '{ StableKeyPlugin }', limit: '3.4 kB'},
];
