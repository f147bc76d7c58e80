import type {TableName} from './tables.ts';

/** Hosts whose URLs only some tables apply to. */
const KNOWN_HOSTS: Readonly<Record<string, readonly TableName[]>> = {
  'huggingface.co': ['huggingFace'],
  'cdn.jsdelivr.net': ['jsDelivr'],
  'cdnjs.cloudflare.com': [],
  'files.pythonhosted.org': [],
  'unpkg.com': [],
};

/** The source of a pattern that begins with one host. */
const ONE_HOST = /^\^https:\\?\/\\?\/((?:[a-z\d-]|\\\.)+)\\?\//;

/** Tells whether a pattern is an alternative outside of any group: the other one may be of another host. */
const isAlternative = (source: string): boolean => {
  let rest = source.replace(/\\.|\[(?:\\.|[^\]])*\]/g, '');
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest.replace(/\([^()]*\)/g, '');
  }
  return rest.includes('|');
};

/**
 * Returns the tables that can apply to the URLs that a pattern matches, so that a build can leave the others out.
 *
 * @returns `undefined` where that is not known: the pattern does not begin with a known host.
 */
export const tablesFor = ({source}: RegExp): readonly TableName[] | undefined => {
  const host = ONE_HOST.exec(source.replace('^(?!.{8001})', '^'))?.[1]?.replaceAll('\\', '') ?? '';
  return Object.hasOwn(KNOWN_HOSTS, host) && !isAlternative(source) ? KNOWN_HOSTS[host] : undefined;
};
