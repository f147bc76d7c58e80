import {setTimeout as wait} from 'node:timers/promises';
import type {MetFault} from '../Faults.ts';
import type {Body} from './Answer.ts';

const PAUSE_MS = 50;

/** Reads the body as a fault lets it: slowly, with a stop in between, or only its beginning. */
export async function* paceBody(body: Body, met: MetFault | undefined): AsyncGenerator<Uint8Array> {
  const {size} = body;
  switch (met?.fault.kind) {
    case 'slow': {
      const step = Math.max(1, Math.round((met.fault.bytesPerSecond * PAUSE_MS) / 1000));
      for (let at = 0; at < size; at += step) {
        yield* body.read(at, Math.min(at + step, size));
        await wait(PAUSE_MS);
      }
      break;
    }
    case 'stall': {
      const stop = Math.min(met.fault.afterBytes, size);
      yield* body.read(0, stop);
      await met.hold();
      yield* body.read(stop, size);
      break;
    }
    case 'cut':
      yield* body.read(0, Math.min(met.fault.afterBytes, size));
      break;
    default:
      yield* body.read(0, size);
  }
}
