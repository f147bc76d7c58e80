import {describe, expect, it} from 'vitest';
import {bytesBody} from './answers/bytesBody.ts';
import {Link} from './Links.ts';

describe('a link', () => {
  it('shares its speed among all of its answers', async () => {
    const link = new Link({match: '', bytesPerSecond: 1_000_000, latencyMs: 0});
    const started = performance.now();
    await Promise.all(
      [1, 2].map(async () => {
        const {body} = link.carry({status: 200, headers: {}, body: bytesBody(new Uint8Array(100_000))});
        for await (const _ of body.read(0, body.size)) {
        }
      }),
    );
    // A machine that is busy takes longer.
    expect(performance.now() - started).toBeGreaterThan(140);
  });
});
