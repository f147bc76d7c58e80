import {expect, it} from 'vitest';
import {holdsSecret} from './holdsSecret.ts';
import {accountIn, accountOf, partitionKey, publicKey, withoutMark} from './partition.ts';
import {shownUrl} from './shownUrl.ts';
import {withoutSecret} from './withoutSecret.ts';

const account = await accountOf('authorization: Bearer hf_secret');

it.each([
  'https://a.test/',
  'https://a.test/models/model.onnx',
  'https://a.test/model.onnx?variant=1',
  'https://a.test/model.onnx?a=/b;c#d',
])('a key has one account, and can be read without it: %s', (key) => {
  const own = partitionKey(key, account);
  expect(own).not.toBe(key);
  expect([publicKey(own), accountIn(own)]).toEqual([key, account]);
  expect([publicKey(key), accountIn(key), partitionKey(key, undefined)]).toEqual([key, undefined, key]);
  expect(new URL(own).href).toBe(own);
  expect(new URL(own).search).toBe(new URL(key).search);
});

it('an account is no part of what is shown, and counts as no secret', async () => {
  const own = partitionKey('https://a.test/model.onnx', account);
  expect(shownUrl(own)).toBe('https://a.test/model.onnx');
  expect([holdsSecret(own), await withoutSecret(own)]).toEqual([false, own]);
  const signed = await withoutSecret(partitionKey('https://a.test/model.onnx?token=5ec1e7', account));
  expect([accountIn(signed), signed.includes('5ec1e7')]).toEqual([account, false]);
});

it('two accounts have two partitions, and none tells its secret', async () => {
  expect(await accountOf('authorization: Bearer hf_secret')).toBe(account);
  expect(await accountOf('authorization: Bearer hf_other')).not.toBe(account);
  expect(account).toMatch(/^a\.[\da-f]{32}$/);
});

it("a page's URL names no partition", () => {
  const forged = partitionKey('https://a.test/model.onnx?a', account);
  expect(accountIn(withoutMark(forged))).toBeUndefined();
  expect(publicKey(withoutMark(forged))).toBe(withoutMark(forged));
});
