import {readFile} from 'node:fs/promises';

const README = new URL('../../README.md', import.meta.url);

/** Returns the code blocks of a language in the README, in order; with an empty string, those that name no language. */
export const readmeSamples = async (language: string): Promise<string[]> => {
  const blocks = (await readFile(README, 'utf8')).matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, name, code = '']) => (name === language ? [code] : []));
};
