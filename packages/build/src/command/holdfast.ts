import {listRelease} from './listRelease.ts';
import {readArguments, UsageError} from './readArguments.ts';
import {reasonOf} from './reasonOf.ts';

const USAGE = `Lists the files of a release, with sizes and SHA-256 digests.

  holdfast manifest <folder> [--base <URL>] [--include <glob>]… [--out <file>]
  holdfast manifest <URL>… [--out <file>]

  <folder>          All files below it, but none whose name begins with a dot, nor <file>.
                    Paths in the manifest are relative to this folder.
  <URL>             A file to fetch, https or http. It is written down without signatures
                    and tokens, as the key that it has in the cache.
  --base <URL>      Where the folder will be served: the manifest has absolute URLs then.
  --include <glob>  Only files whose path in the folder matches: * is any name, ? any
                    character, **/ any folders. Several are possible.
  --out <file>      Write the manifest to this file instead of the standard output.
  --help            Print this.

Exit code: 0 done, 1 a file or the network failed, 2 the command was given wrongly.
`;

/** What the command needs of a process. */
export interface Streams {
  readonly stdout: {write(text: string): unknown};
  readonly stderr: {write(text: string): unknown};
}

/**
 * The command.
 *
 * @param args what stands behind its name.
 * @returns the exit code.
 */
export async function holdfast(args: readonly string[], {stdout, stderr}: Streams): Promise<number> {
  const say = (sentence: string) => stderr.write(`holdfast: ${sentence}\n`);
  try {
    const request = readArguments(args);
    if (request === 'help') {
      stdout.write(USAGE);
    } else {
      await listRelease(request, (text) => stdout.write(text), say);
    }
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    say(isUsage ? `${error.message} (holdfast --help tells more)` : reasonOf(error));
    return isUsage ? 2 : 1;
  }
}
