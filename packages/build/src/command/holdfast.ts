import {listRelease} from './listRelease.ts';
import {readArguments, UsageError} from './readArguments.ts';
import {reasonOf} from './reasonOf.ts';

const USAGE = `Writes a manifest: the files of a release, with sizes and SHA-256 digests.

  holdfast manifest <folder> [--base <URL>] [--include <glob>]… [--out <file>]
  holdfast manifest <URL>… [--out <file>]

  <folder>          Lists all files in this folder and its subfolders, except names that start
                    with a dot. Paths in the manifest are relative to the folder.
  <URL>             Downloads this http or https file. The manifest lists its URL without
                    signatures and tokens.
  --base <URL>      Lists absolute URLs: the folder is served at this URL.
  --include <glob>  Lists only matching paths: * is any name, ? any character, **/ any
                    folders, {a,b} either. Repeat it for several globs.
  --out <file>      Writes to this file instead of the standard output.
  -h, --help        Prints this help.

Exit codes: 0 success, 1 a file or the network failed, 2 invalid arguments.
`;

/** The streams of a process that the command uses. */
export interface Streams {
  readonly stdout: {write(text: string): unknown};
  readonly stderr: {write(text: string): unknown};
}

/**
 * Runs the command.
 *
 * @param args the arguments after the name of the command.
 * @returns the exit code.
 */
export async function holdfast(args: readonly string[], {stdout, stderr}: Streams): Promise<number> {
  const report = (sentence: string) => stderr.write(`holdfast: ${sentence}\n`);
  try {
    const request = readArguments(args);
    if (request === 'help') {
      stdout.write(USAGE);
    } else {
      await listRelease(request, (text) => stdout.write(text), report);
    }
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    report(isUsage ? `${error.message} (see holdfast --help)` : reasonOf(error));
    return isUsage ? 2 : 1;
  }
}
