import type {Feature} from '../../messages/Feature.ts';
import {MessageListener} from '../../messages/MessageListener.ts';
import {oneForAll} from '../../messages/oneForAll.ts';
import {accountFor} from '../budgets.ts';
import {clearStorage} from './clearStorage.ts';
import {explainUrl} from './explainUrl.ts';
import {Outcomes} from './Outcomes.ts';
import {usageOf} from './usageOf.ts';

/**
 * Lets pages ask what is stored and how it is used, what becomes of a URL, and have files deleted, with `usage()`,
 * `explain()` and `clear()` of `@holdfast/window`.
 */
export const inspection = (): Feature => ({
  setUp: (worker) => {
    accountFor(worker);
    worker.part(Outcomes).watch();
    // To compare the ledger with what is stored may read all of storage.
    const usage = oneForAll(() => usageOf(worker));
    worker.part(MessageListener).answer({
      HOLDFAST_EXPLAIN: (payload, event) => explainUrl(worker, payload, event),
      HOLDFAST_CLEAR: (payload, event) => clearStorage(worker, payload, event),
    });
    worker.part(MessageListener).answerAtOnce({HOLDFAST_USAGE: usage});
  },
});
