import {describe, expect, it} from 'vitest';
import {bytesBody} from './answers/bytesBody.ts';
import {Link} from './Links.ts';
import {startForTests} from './testing/startForTests.ts';

const {origin} = await startForTests();

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

describe('the buckets of the race', () => {
  it('have the files that the app lists, on both sides', async () => {
    const files: {path: string; size: number; sha256: string}[] = await (
      await fetch(`${origin.app}/race.json`)
    ).json();
    expect(files).toHaveLength(8);
    for (const side of ['workbox', 'holdfast']) {
      const {path, sha256, size} = files.at(-1) ?? {path: '', sha256: '', size: 0};
      const response = await fetch(`${origin.hub}/buckets/race/${side}/resolve/${path}`);
      const bytes = await response.arrayBuffer();
      const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
      expect([bytes.byteLength, digest]).toEqual([size, sha256]);
    }
  });
});
