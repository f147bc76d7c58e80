import {parseArgs} from 'node:util';

/** What to list, and where to write it. */
export type ReleaseRequest = {
  /** A file; the standard output without it. */
  readonly out: string | undefined;
} & (FolderRequest | {readonly urls: readonly string[]});

export interface FolderRequest {
  readonly folder: string;
  /** Where the folder will be served, with a slash at its end. */
  readonly base: string | undefined;
  /** Globs for paths in the folder. None: all files. */
  readonly include: readonly string[];
}

/** The command was given wrongly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  base: {type: 'string'},
  help: {type: 'boolean', short: 'h'},
  include: {type: 'string', multiple: true},
  out: {type: 'string'},
} as const;

/** @throws UsageError */
export function readArguments(args: readonly string[]): ReleaseRequest | 'help' {
  const {values, positionals} = parse(args);
  const [command, ...sources] = positionals;
  const {base, help, include = [], out} = values;
  if (help) {
    return 'help';
  }
  if (command !== 'manifest') {
    throw new UsageError(command ? `there is no command ${command}` : 'which command? There is: manifest');
  }
  const [folder, ...more] = sources;
  if (folder === undefined) {
    throw new UsageError('which folder, or which URLs?');
  }
  if (sources.every(isUrl)) {
    if (base !== undefined || include.length) {
      throw new UsageError('--base and --include are for a folder');
    }
    return {urls: sources.map(checkUrl), out};
  }
  if (more.length) {
    throw new UsageError('one folder at a time, or URLs only');
  }
  if (base?.includes('?')) {
    throw new UsageError('--base is the URL of a folder, so without a query');
  }
  return {folder, base: base === undefined ? base : checkUrl(base.replace(/\/?$/, '/')), include, out};
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({args: [...args], options: OPTIONS, allowPositionals: true});
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

const isUrl = (text: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(text);

/** The URL as the parser spells it. */
function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash) {
    const shown = text.replace(/\/\/[^/]*@|[?#].*$/g, (part) => (part.endsWith('@') ? '//' : ''));
    throw new UsageError(`not a URL with https or http, no credentials and no fragment: ${shown}`);
  }
  return url.href;
}
