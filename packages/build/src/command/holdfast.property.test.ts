import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {readManifest} from '@holdfast/manifest';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import {holdfast} from './holdfast.ts';

// A failure prints the seed and the smallest folder. `fc.assert(…, {seed, path})` repeats the run.

/** Any valid file name that does not start with a dot. */
const name = fc
  .oneof(
    fc.string({minLength: 1, maxLength: 12, unit: 'binary'}),
    fc.constantFrom(
      'a',
      'b',
      '%2e%2e',
      '..%2f',
      'a:b',
      'a#b',
      'a?b',
      'a\\b',
      ' ',
      'con',
      '__proto__',
      'https:',
    ),
  )
  .filter((text) => !/^\.|[/\0]/.test(text));
const files = fc.dictionary(
  fc.array(name, {minLength: 1, maxLength: 3}).map((names) => names.join('/')),
  fc.uint8Array({maxLength: 40}),
  {minKeys: 1, maxKeys: 6, noNullPrototype: true},
);

/** Returns the files that can exist together: a path cannot be a file and a folder. */
const compatible = (all: Record<string, Uint8Array>): [string, Uint8Array][] => {
  const paths = Object.keys(all);
  return Object.entries(all).filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`)));
};

it('writes a manifest that reads back as the files of the folder', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.boolean(), async (all, isAbsolute) => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-'));
      try {
        const expected = new Map<string, object>();
        for (const [path, bytes] of compatible(all)) {
          await mkdir(dirname(join(folder, path)), {recursive: true});
          await writeFile(join(folder, path), bytes);
          const hex = createHash('sha256').update(bytes).digest('hex');
          expected.set(path, {size: bytes.byteLength, digest: {algorithm: 'sha256', hex}});
        }
        const out = join(folder, 'the manifest.json');
        const reported: string[] = [];
        const streams = {stdout: {write: () => {}}, stderr: {write: (text: string) => reported.push(text)}};
        const base = 'https://a.example/v1/';
        const args = ['manifest', folder, '--out', out, ...(isAbsolute ? ['--base', base] : [])];
        expect(await holdfast(args, streams), reported.join('')).toBe(0);

        const {assets} = readManifest(await readFile(out, 'utf8'), isAbsolute ? 'https://b.example/' : base);
        const found = assets.map(
          ({url, ...rest}) => [decodeURIComponent(url.slice(base.length)), rest] as const,
        );
        expect(new Map(found)).toEqual(expected);
      } finally {
        await rm(folder, {recursive: true});
      }
    }),
  );
});
