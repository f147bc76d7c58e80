import {readdir, readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));

/** Folder → the folders that its files import from, also for types alone. */
const readImports = async (): Promise<Map<string, Set<string>>> => {
  const imports = new Map<string, Set<string>>();
  const packages = await readdir(PACKAGES);
  const sources = packages.map(async (name) => {
    const files = await readdir(join(PACKAGES, name, 'src'), {recursive: true});
    return files.map((file) => join(name, 'src', file));
  });
  for (const file of (await Promise.all(sources)).flat()) {
    if (!file.endsWith('.ts') || /\.test\.ts$|\/testing\//.test(file)) {
      continue;
    }
    const folder = dirname(file);
    // The formatter leaves one way to write it.
    const specifiers = (await readFile(join(PACKAGES, file), 'utf8')).matchAll(/ from '(\.[^']+)';$/gm);
    const from = imports.get(folder) ?? new Set();
    imports.set(folder, from);
    for (const [, specifier = ''] of specifiers) {
      const other = dirname(join(folder, specifier));
      if (other !== folder) {
        from.add(other);
      }
    }
  }
  return imports;
};

it('no folder of the packages imports from one that imports from it, directly or through others', async () => {
  const imports = await readImports();
  expect(imports.size).toBeGreaterThan(10);

  // Takes away folders that import from none of the rest. What stays is in a cycle, or leads to one.
  const rest = new Map(imports);
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const [folder, others] of rest) {
      if (![...others].some((other) => rest.has(other))) {
        isChanged = rest.delete(folder);
      }
    }
  }
  expect([...rest.keys()]).toEqual([]);
});
