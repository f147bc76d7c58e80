const measured = {path: 'dist/index.js', gzip: true};

export default [
  {...measured, name: 'readManifest', import: '{ readManifest }', limit: '1.9 kB'},
  {...measured, name: 'readPyodideLock', import: '{ readPyodideLock }', limit: '1.95 kB'},
  {...measured, name: 'readHubTree', import: '{ readHubTree }', limit: '2.25 kB'},
  {...measured, name: 'readModelCard', import: '{ readModelCard }', limit: '2.4 kB'},
  {...measured, name: 'all readers', import: '*', limit: '3.2 kB'},
];
