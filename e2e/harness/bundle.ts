import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const TESTS = fileURLToPath(new URL('../tests/', import.meta.url));

/** In a development build the worker's console tells what was decided and why. */
export type Build = 'production' | 'development';

/**
 * Bundles a script of the tests as somebody who uses the packages would: from what they were built to.
 *
 * @param entry the script's path below `e2e/tests`.
 * @returns a classic script, for `<script src>` or as a service worker.
 */
export const bundle = async (entry: string, mode: Build = 'production'): Promise<string> => {
  const {outputFiles} = await build({
    entryPoints: [TESTS + entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    define: {'process.env.NODE_ENV': JSON.stringify(mode)},
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
};
