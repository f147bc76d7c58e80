const measured = {path: 'dist/index.js', gzip: true};

export default [
  {...measured, name: 'parseManifest', import: '{ parseManifest }', limit: '0.65 kB'},
  {...measured, name: 'readManifest', import: '{ readManifest }', limit: '2 kB'},
  {...measured, name: 'readPyodideLock', import: '{ readPyodideLock }', limit: '2.15 kB'},
  {...measured, name: 'readHubTree', import: '{ readHubTree }', limit: '2.4 kB'},
  {...measured, name: 'readModelCard', import: '{ readModelCard }', limit: '2.6 kB'},
  {...measured, name: 'all readers', import: '*', limit: '3.95 kB'},
];
