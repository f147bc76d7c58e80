import {setTimeout as wait} from 'node:timers/promises';
import type {MetFault} from '../Faults.ts';
import type {Body} from './Answer.ts';

const STEP_MS = 10;
/** As much is held on the way when a client does not read, and comes at once when it does. */
const HELD_MS = 50;

/** Reads the body as a fault lets it: slowly, with a stop in between, or only its beginning. */
export async function* paceBody(body: Body, met: MetFault | undefined): AsyncGenerator<Uint8Array> {
  const {size} = body;
  switch (met?.fault.kind) {
    case 'slow':
      yield* readSlowly(body, met.fault.bytesPerSecond);
      break;
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

/** By the clock, so that the time which sending takes does not come on top. */
async function* readSlowly(body: Body, bytesPerSecond: number): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.round((bytesPerSecond * STEP_MS) / 1000));
  let due = performance.now();
  for (let at = 0; at < body.size; at += step) {
    const end = Math.min(at + step, body.size);
    yield* body.read(at, end);
    due = Math.max(due + ((end - at) / bytesPerSecond) * 1000, performance.now() - HELD_MS);
    await wait(Math.max(due - performance.now(), 0));
  }
}
