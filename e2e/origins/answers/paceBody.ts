import type {MetFault} from '../Faults.ts';
import type {Body} from './Answer.ts';
import {type Clock, Pace} from './Pace.ts';
import {slowBody} from './slowBody.ts';

/** Reads a body as a fault allows: slowly, with a stall, or only its beginning. */
export async function* paceBody(
  body: Body,
  met: MetFault | undefined,
  clock?: Clock,
): AsyncGenerator<Uint8Array> {
  const {size} = body;
  switch (met?.fault.kind) {
    case 'slow': {
      const {bytesPerSecond} = met.fault;
      yield* slowBody(body, () => new Pace(bytesPerSecond, clock)).read(0, size);
      break;
    }
    case 'stall': {
      const stop = Math.min(met.fault.afterBytes, size);
      yield* body.read(0, stop);
      // If nothing is left to hold back, the answer has ended.
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
