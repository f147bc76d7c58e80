import CopyPlugin from 'copy-webpack-plugin';
import {InjectManifest} from 'workbox-webpack-plugin';

export default {
  mode: 'production',
  plugins: [
    new CopyPlugin({patterns: ['static']}),
    new InjectManifest({swSrc: './src/sw.js', swDest: 'sw.js'}),
  ],
};
