import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {describe, expect, it, vi} from 'vitest';
import {createHasher} from './createHasher.ts';
import {streamingSha256} from './streamingSha256.ts';

const inNode = {
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes),
  sha384: (bytes: Uint8Array) => createHash('sha384').update(bytes),
  sha512: (bytes: Uint8Array) => createHash('sha512').update(bytes),
  'git-blob-sha1': (bytes: Uint8Array) =>
    createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes),
};

const LARGE = 16 * 1024 * 1024 + 1;

describe.each(Object.entries(inNode))('%s', (name, hash) => {
  const algorithm = name as keyof typeof inNode;

  // A body that is expected to be large is digested as it arrives.
  it.each([0, LARGE])(
    'is the digest that Node makes, however the bytes arrive; %i expected',
    async (size) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.uint8Array({maxLength: 300})), async (chunks) => {
          const hasher = createHasher(algorithm, streamingSha256, size);
          for (const chunk of chunks) {
            hasher.update(chunk as Uint8Array<ArrayBuffer>);
          }
          expect(await hasher.digest()).toBe(hash(Buffer.concat(chunks)).digest('hex'));
        }),
        {numRuns: 50},
      );
    },
  );
});

it('git-blob-sha1 is what `git hash-object` prints', async () => {
  const hasher = createHasher('git-blob-sha1');
  hasher.update(new TextEncoder().encode('what is up, doc?'));
  expect(await hasher.digest()).toBe('bd9dbf5aae1a3862dd1526723246b20206e5fc37');
});

it('makes several digests at a time, which do not mix', async () => {
  const hashers = ['a', 'b', 'c'].map(() => createHasher('sha256', streamingSha256, LARGE));
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

describe('a body of unknown size', () => {
  const chunk = new Uint8Array(1024 * 1024).map((_, index) => index);

  const digestOf = async (chunks: number, streaming = vi.fn(streamingSha256)) => {
    const hasher = createHasher('sha256', streaming);
    const node = createHash('sha256');
    for (let sent = 0; sent < chunks; sent++) {
      hasher.update(chunk);
      node.update(chunk);
    }
    expect(await hasher.digest()).toBe(node.digest('hex'));
    return streaming;
  };

  it('is digested by the browser up to 16 MiB', async () => {
    expect(await digestOf(16)).not.toHaveBeenCalled();
  });

  it('is digested as it arrives when it turns out to be larger', async () => {
    expect(await digestOf(19)).toHaveBeenCalledOnce();
  });
});
