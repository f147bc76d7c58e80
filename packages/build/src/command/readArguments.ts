import {parseArgs} from 'node:util';

/** What to list, and where to write the manifest. */
export type ReleaseRequest = {
  /** A file. `undefined` for the standard output. */
  readonly out: string | undefined;
} & (FolderRequest | {readonly urls: readonly string[]});

/** The files of a folder. */
export interface FolderRequest {
  readonly folder: string;
  /** The URL that the folder is served at, with a trailing slash. */
  readonly base: string | undefined;
  /** Globs for paths in the folder. An empty list includes all files. */
  readonly include: readonly string[];
}

/** Invalid arguments. The message names the argument. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  base: {type: 'string'},
  help: {type: 'boolean', short: 'h'},
  include: {type: 'string', multiple: true},
  out: {type: 'string'},
} as const;

/**
 * Reads the arguments of the command.
 *
 * @throws UsageError
 */
export function readArguments(args: readonly string[]): ReleaseRequest | 'help' {
  const {values, positionals} = parse(args);
  const [command, ...sources] = positionals;
  const {base, help, include = [], out} = values;
  if (help) {
    return 'help';
  }
  if (command !== 'manifest') {
    throw new UsageError(
      command === undefined
        ? 'the command is missing: manifest'
        : `unknown command '${command}', expected manifest`,
    );
  }
  checkNotEmpty('<folder>', sources);
  checkNotEmpty('--include', include);
  checkNotEmpty('--out', [out]);
  const [folder, ...more] = sources;
  if (folder === undefined) {
    throw new UsageError('<folder> or <URL> is missing');
  }
  if (sources.every(isUrl)) {
    if (base !== undefined || include.length) {
      throw new UsageError(`${base === undefined ? '--include' : '--base'} is for a <folder>, not for <URL>`);
    }
    return {urls: sources.map((url) => checkUrl('<URL>', url)), out};
  }
  if (more.length) {
    throw new UsageError(`expected one <folder>, or only <URL>, got ${sources.map(shown).join(' ')}`);
  }
  if (base === undefined) {
    return {folder, base, include, out};
  }
  const url = checkUrl('--base', base);
  if (url.includes('?')) {
    throw new UsageError(`--base must be the URL of a folder, without a query, got ${shown(base)}`);
  }
  return {folder, base: url.replace(/\/?$/, '/'), include, out};
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({args: [...args], options: OPTIONS, allowPositionals: true});
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const isUrl = (text: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(text);

/** Refuses an empty argument, which an unset variable of a shell gives. */
function checkNotEmpty(name: string, values: readonly (string | undefined)[]): void {
  if (values.includes('')) {
    throw new UsageError(`${name} must not be empty`);
  }
}

/** Returns the URL as the URL parser spells it. */
function checkUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash) {
    throw new UsageError(
      `${name} must be an http or https URL without credentials and without a fragment, got ${shown(text)}`,
    );
  }
  return url.href;
}

/** Returns an argument without the parts of a URL that may be secret. */
function shown(text: string): string {
  return `'${text.replace(/\/\/[^/]*@|[?#].*$/g, (part) => (part.endsWith('@') ? '//' : ''))}'`;
}
