import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, it} from 'vitest';

/** Imports this package's main module in a Node of its own, where nothing has defined `self`. */
const inNode = async (code: string): Promise<string> => {
  const main = new URL('index.ts', import.meta.url).href;
  const script = `const main = await import(${JSON.stringify(main)}); ${code}`;
  const env = {...process.env, NODE_ENV: 'development', NODE_OPTIONS: ''};
  const {stdout} = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script],
    {cwd: fileURLToPath(new URL('.', import.meta.url)), env},
  );
  return stdout.trim();
};

it('makes keys, and leaves no `self` behind', async () => {
  const url = 'https://hf.co/org/m/resolve/main/a?download=true';
  expect(await inNode(`console.log(main.createStableKey()(${JSON.stringify(url)}), typeof self)`)).toBe(
    'https://huggingface.co/org/m/resolve/main/a undefined',
  );
});

it('exports what the main module exports', async () => {
  const names = await inNode('console.log(Object.keys(main).sort().join())');
  expect(names.split(',')).toEqual(
    expect.arrayContaining(['StableKeyPlugin', 'VersionScopePlugin', 'release']),
  );
});
