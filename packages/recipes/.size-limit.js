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
  {...measured('registerRoutes', 'dist/worker.js', 'registerRoutes'), limit: '12.65 kB'},
  {...measured('assetPlugins', 'dist/worker.js', 'assetPlugins'), limit: '10.4 kB'},
  {...measured('OnlyIfChangedPlugin', 'dist/OnlyIfChangedPlugin.js', 'OnlyIfChangedPlugin'), limit: '560 B'},
  {...measured('pyodide', 'dist/index.js', 'pyodide'), limit: '420 B'},
  {...measured('huggingFace', 'dist/index.js', 'huggingFace'), limit: '1.42 kB'},
];
