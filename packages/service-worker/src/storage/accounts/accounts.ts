import type {Feature} from '../../messages/Feature.ts';
import {MessageListener} from '../../messages/MessageListener.ts';
import {textIn} from '../../messages/textIn.ts';
import {clientOf} from '../../worker/RequestContext.ts';
import {KnownAccounts} from './KnownAccounts.ts';

/**
 * Lets pages sign in by a name, with `signIn()` of `@holdfast/window`, and delete everything that was stored for their
 * account, with `signOut()`.
 *
 * @example
 * registerAssets(huggingFace(), {features: [accounts()]});
 */
export const accounts = (): Feature => ({
  setUp: (worker) => {
    if (worker.accounts) {
      return;
    }
    const known = worker.part(KnownAccounts);
    worker.accounts = known;
    worker.part(MessageListener).answer({
      HOLDFAST_SIGN_IN: async (payload, event) => {
        await known.signIn(clientOf(event), textIn(payload, 'name'));
        return {};
      },
      HOLDFAST_SIGN_OUT: async (_payload, event) => ({entries: await known.signOut(clientOf(event))}),
    });
    known.listen();
    void known.watchRoutes();
    // No event waits for this. The next start resumes it.
    known.finish().catch(() => undefined);
  },
});
