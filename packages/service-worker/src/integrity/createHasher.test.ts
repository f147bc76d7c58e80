import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {afterEach, expect, it, vi} from 'vitest';
import {createHasher} from './createHasher.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const inNode = {
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes),
  sha384: (bytes: Uint8Array) => createHash('sha384').update(bytes),
  sha512: (bytes: Uint8Array) => createHash('sha512').update(bytes),
  'git-blob-sha1': (bytes: Uint8Array) =>
    createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes),
};

it.each(Object.entries(inNode))(
  '%s is what Node makes it, however the bytes come',
  async (algorithm, hash) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({maxLength: 300})), async (chunks) => {
        const hasher = await createHasher(algorithm as keyof typeof inNode);
        for (const chunk of chunks) {
          hasher.update(chunk as Uint8Array<ArrayBuffer>);
        }
        expect(await hasher.digest()).toBe(hash(Buffer.concat(chunks)).digest('hex'));
      }),
      {numRuns: 50},
    );
  },
);

it('git-blob-sha1 is what `git hash-object` says', async () => {
  const hasher = await createHasher('git-blob-sha1');
  hasher.update(new TextEncoder().encode('what is up, doc?'));
  expect(await hasher.digest()).toBe('bd9dbf5aae1a3862dd1526723246b20206e5fc37');
});

it('makes several at a time, which do not mix', async () => {
  const hashers = await Promise.all(['a', 'b', 'c'].map(() => createHasher('sha256')));
  for (let piece = 0; piece < 3; piece++) {
    for (const [index, hasher] of hashers.entries()) {
      hasher.update(Uint8Array.of(index, piece));
    }
  }
  for (const [index, hasher] of hashers.entries()) {
    expect(await hasher.digest()).toBe(
      inNode.sha256(Uint8Array.of(index, 0, index, 1, index, 2)).digest('hex'),
    );
  }
});

it('says so where there may be no WebAssembly, which only SHA-256 needs', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  await expect(createHasher('sha256')).rejects.toThrow('WebAssembly');
  expect(await (await createHasher('sha512')).digest()).toBe(inNode.sha512(Uint8Array.of()).digest('hex'));
});
