import type {Feature} from '../messages/Feature.ts';
import {MessageListener} from '../messages/MessageListener.ts';
import {oneForAll} from '../messages/oneForAll.ts';
import {listLines} from './listLines.ts';
import {Releases} from './Releases.ts';

/** Lets pages list what is stored, with `releases()` of `@holdfast/window`. */
export const listing = (): Feature => ({
  setUp: (worker) => {
    // To list may read all of storage.
    const list = oneForAll(() => listLines(worker.part(Releases)));
    worker.part(MessageListener).answerAtOnce({
      HOLDFAST_LIST_RELEASES: async () => ({lines: await list()}),
    });
  },
});
