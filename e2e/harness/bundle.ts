import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const TESTS = fileURLToPath(new URL('../tests/', import.meta.url));

/** In a development build, the worker logs its decisions to the console. */
export type Build = 'production' | 'development';

/**
 * Bundles a script as a user of the packages does: from their built files.
 *
 * @param source the script's path below `e2e/tests`, or the code of a module.
 * @returns a classic script for a path, as a page or a service worker loads it; a module for code.
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
