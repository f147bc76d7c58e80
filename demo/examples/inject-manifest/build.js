import {cp} from 'node:fs/promises';
import {build} from 'esbuild';
import {injectManifest} from 'workbox-build';

await cp('src', 'dist', {recursive: true});

await build({
  entryPoints: ['sw.js'],
  outfile: 'dist/sw.js',
  bundle: true,
  minify: true,
  define: {'process.env.NODE_ENV': '"production"'},
});

await injectManifest({
  globDirectory: 'dist',
  globPatterns: ['**/*.html'],
  swSrc: 'dist/sw.js',
  swDest: 'dist/sw.js',
});
