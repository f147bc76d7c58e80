import type {Refusal} from '../messages/protocol.ts';
import type {RequestContext} from '../worker/RequestContext.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {OpaqueLedger} from './OpaqueLedger.ts';
import {maxOpaqueEntries} from './opaqueAllowance.ts';
import type {QuotaGuardPluginOptions} from './options.ts';
import {StrictQuotaGuardPlugin} from './StrictQuotaGuardPlugin.ts';

/**
 * Decides what may be stored: complete answers (status 200) that fit into the storage. Opaque responses are refused, or
 * let in up to an allowance. Where a host answers CORS there are none, because the guard sends the request with CORS.
 *
 * Give it to a strategy after the plugins that change the key, and before `IntegrityPlugin` and `VersionScopePlugin`.
 */
export class QuotaGuardPlugin extends StrictQuotaGuardPlugin {
  private readonly maxOpaqueEntries: number;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: QuotaGuardPluginOptions = {}, worker: WorkerState = thisWorker) {
    super(options, worker);
    this.maxOpaqueEntries = maxOpaqueEntries(options.opaque ?? {}, navigator.userAgent);
  }

  protected override async refusal(
    key: string,
    request: Request,
    response: Response,
    context: RequestContext,
  ): Promise<Refusal | undefined> {
    if (response.type === 'opaque' && this.maxOpaqueEntries > 0) {
      const admitted = this.worker.part(OpaqueLedger).admit(key, this.maxOpaqueEntries);
      // A ledger that cannot be read counts as full.
      if (await admitted.catch(() => false)) {
        context.allowedOpaque.add(response);
      }
    }
    return super.refusal(key, request, response, context);
  }
}
