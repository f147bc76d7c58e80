import type {Feature} from '../messages/Feature.ts';
import {MessageListener} from '../messages/MessageListener.ts';
import {listLines} from './listLines.ts';
import {Releases} from './Releases.ts';

/** Lets pages list what is stored, with `releases()` of `@holdfast/window`. */
export const listing = (): Feature => ({
  setUp: (worker) =>
    worker.part(MessageListener).answer({
      HOLDFAST_LIST_RELEASES: async () => ({lines: await listLines(worker.part(Releases))}),
    }),
});
