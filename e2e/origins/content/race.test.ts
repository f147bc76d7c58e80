import {describe, expect, it} from 'vitest';
import {startForTests} from '../testing/startForTests.ts';

const {origin} = await startForTests();

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
