/** What a production build of a worker gets: bundled, minified, without the development log. */
const modifyEsbuildConfig = (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}});
const measured = {path: 'dist/index.js', gzip: true, modifyEsbuildConfig};

// The limits leave no room for the texts of options.js, about half a kilobyte: a production build must not carry them.
export default [
  {...measured, name: 'stableKey', import: '{ stableKey }', limit: '2.65 kB'},
  {...measured, name: 'StableKeyPlugin', import: '{ StableKeyPlugin }', limit: '3.1 kB'},
];
