import type {Feature} from '../../messages/Feature.ts';
import {MessageListener} from '../../messages/MessageListener.ts';
import {explainUrl} from './explainUrl.ts';
import {Outcomes} from './Outcomes.ts';

/** Lets pages ask what becomes of a URL, with `explain()` of `@holdfast/window`. */
export const inspection = (): Feature => ({
  setUp: (worker) => {
    worker.part(Outcomes).watch();
    worker.part(MessageListener).answer({
      HOLDFAST_EXPLAIN: (payload, event) => explainUrl(worker, payload, event),
    });
  },
});
