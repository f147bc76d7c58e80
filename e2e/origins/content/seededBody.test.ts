import {expect, it} from 'vitest';
import {readBody} from '../answers/readBody.ts';
import {seededBody} from './seededBody.ts';
import {seededBytes} from './seededBytes.ts';

const SIZE = 200_001;
const bytes = seededBytes('body', SIZE);
const body = seededBody('body', SIZE);

it('has the bytes of its seed', async () => {
  expect(Buffer.compare(await readBody(body), bytes)).toBe(0);
});

it.each([
  [0, 1],
  [15, 17],
  [65_535, 65_537],
  [123_457, SIZE],
])('has them also from %i to %i', async (start, end) => {
  const part = await readBody({size: end - start, read: () => body.read(start, end)});
  expect(Buffer.compare(part, bytes.subarray(start, end))).toBe(0);
});
