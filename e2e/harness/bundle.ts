import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const TESTS = fileURLToPath(new URL('../tests/', import.meta.url));

/** In a development build the worker's console tells what was decided and why. */
export type Build = 'production' | 'development';

/**
 * Bundles a script as somebody who uses the packages would: from what they were built to.
 *
 * @param source the script's path below `e2e/tests`, or the code of a module itself.
 * @returns a classic script from a path, for `<script src>` or as a service worker; a module from code.
 */
export const bundle = async (
  source: string | {code: string},
  mode: Build = 'production',
): Promise<string> => {
  const {outputFiles} = await build({
    ...(typeof source === 'string'
      ? {entryPoints: [TESTS + source], format: 'iife'}
      : {stdin: {contents: source.code, resolveDir: TESTS}, format: 'esm'}),
    bundle: true,
    write: false,
    target: 'es2022',
    define: {'process.env.NODE_ENV': JSON.stringify(mode)},
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
};
