/** The sizes that the README states are those of the code. */
import {readFile} from 'node:fs/promises';
import {expect, it} from 'vitest';
import {WAYS, type Way, workerBytes} from '../harness/addedBytes.ts';

/** What the stated sizes may differ by: they are rounded, and implementations of gzip differ. */
const TOLERANCE_KB = 0.15;

it('the README states what is added to a generated worker', {timeout: 240_000}, async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const table = readme.slice(readme.indexOf('<!-- sizes -->'), readme.indexOf('<!-- /sizes -->'));
  const stated = Array.from(table.matchAll(/^\| (.+?) +\| ([\d.]+) kB +\|$/gm), ([, way = '', size]) => ({
    way,
    size: Number(size),
  }));
  expect(stated.map(({way}) => way)).toEqual(Object.keys(WAYS).filter((way) => !/^workbox/.test(way)));
  const base = await workerBytes(WAYS.workbox);
  for (const {way, size} of stated) {
    const added = ((await workerBytes((WAYS as Record<string, Way>)[way] ?? {})) - base) / 1000;
    expect(Math.abs(added - size), `${way}: stated ${size} kB, measured ${added} kB`).toBeLessThan(
      TOLERANCE_KB,
    );
  }
});
