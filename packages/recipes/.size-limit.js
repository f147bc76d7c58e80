const PEERS = ['workbox-core', 'workbox-routing', 'workbox-strategies'];

const measured = (name, path, importedNames) => ({
  name,
  path,
  import: `{ ${importedNames} }`,
  ignore: PEERS,
  modifyEsbuildConfig: (config) => ({...config, define: {'process.env.NODE_ENV': '"production"'}}),
  gzip: true,
});

export default [
  {...measured('registerRoutes', 'dist/worker.js', 'registerRoutes'), limit: '9.2 kB'},
  {...measured('assetPlugins', 'dist/worker.js', 'assetPlugins'), limit: '7.7 kB'},
  {...measured('OnlyIfChangedPlugin', 'dist/OnlyIfChangedPlugin.js', 'OnlyIfChangedPlugin'), limit: '490 B'},
  {...measured('pyodide', 'dist/index.js', 'pyodide'), limit: '400 B'},
  {...measured('huggingFace', 'dist/index.js', 'huggingFace'), limit: '1.2 kB'},
];
