import type {Body} from './Answer.ts';
import type {Pace} from './Pace.ts';

/** Returns a body that is read at a pace: one of its own for each reading, or one that it shares with others. */
export const slowBody = (body: Body, paceOf: () => Pace): Body => ({
  size: body.size,
  async *read(start, end) {
    const pace = paceOf();
    for (let at = start; at < end; at += pace.step) {
      const stop = Math.min(at + pace.step, end);
      yield* body.read(at, stop);
      await pace.pass(stop - at);
    }
  },
});
