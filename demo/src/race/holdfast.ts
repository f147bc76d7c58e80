// The page of Holdfast: it stages a version that is new, switches to it, and fetches the files.

import {line, register, turnOff} from '@holdfast/window';
import {readFiles} from './readFiles.ts';
import {runLane} from './runLane.ts';

const model = line('race-holdfast');

void runLane({
  side: 'holdfast',
  register: () => register('sw.js'),
  load: async (version, files, onBytes) => {
    if ((await model.current()) !== version) {
      await model.stage(version, {
        manifest: {
          assets: files.map(({url, size, sha256}) => ({
            url,
            size,
            digest: {algorithm: 'sha256', hex: sha256},
          })),
        },
        onProgress: ({bytes: {present, reused, fetched}}) => onBytes(present + reused + fetched),
      });
      await model.switchTo(version, {keep: 0});
    }
    await readFiles(files, onBytes);
  },
  clear: turnOff,
});
