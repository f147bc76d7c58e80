import type {MetFault} from '../Faults.ts';
import type {Body} from './Answer.ts';
import {slowBody} from './slowBody.ts';

/** Reads the body as a fault lets it: slowly, with a stop in between, or only its beginning. */
export async function* paceBody(body: Body, met: MetFault | undefined): AsyncGenerator<Uint8Array> {
  const {size} = body;
  switch (met?.fault.kind) {
    case 'slow':
      yield* slowBody(body, met.fault.bytesPerSecond).read(0, size);
      break;
    case 'stall': {
      const stop = Math.min(met.fault.afterBytes, size);
      yield* body.read(0, stop);
      // Where nothing is left to be held back, the answer has ended.
      if (stop < size) {
        await met.hold();
        yield* body.read(stop, size);
      }
      break;
    }
    case 'cut':
      yield* body.read(0, Math.min(met.fault.afterBytes, size));
      break;
    default:
      yield* body.read(0, size);
  }
}
