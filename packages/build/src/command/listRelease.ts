import {fstatSync, statSync} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {readManifest} from '@holdfast/manifest';
import {fileId} from './fileId.ts';
import {folderSources} from './folderSources.ts';
import {measure} from './measure.ts';
import {Progress} from './Progress.ts';
import type {ReleaseRequest} from './readArguments.ts';
import {reasonOf} from './reasonOf.ts';
import {urlSources} from './urlSources.ts';

/**
 * Measures every file and writes the manifest.
 *
 * @param print writes to the standard output.
 * @param report shows a sentence to the user.
 * @throws Error that names the file and the reason. Then nothing is written.
 */
export async function listRelease(
  request: ReleaseRequest,
  print: (text: string) => void,
  report: (sentence: string) => void,
): Promise<void> {
  const {out} = request;
  const output = outputId(out);
  const sources = 'urls' in request ? urlSources(request.urls) : await folderSources(request, output);

  const progress = new Progress(sources.length, report);
  const assets = [];
  for (const {path, label, open} of sources) {
    try {
      assets.push({path, ...(await measure(open(), (bytes) => progress.read(bytes, label)))});
    } catch (error) {
      throw new Error(`${label}: ${reasonOf(error)}`);
    }
    progress.finish();
  }

  const text = `${JSON.stringify({holdfast: 1, assets}, null, 2)}\n`;
  // Throws for a file name that a URL cannot express, before anything is written.
  readManifest(text, 'https://base.invalid/');
  if (out === undefined) {
    print(text);
  } else {
    await writeFile(out, text);
  }
  const count = `${assets.length} ${assets.length === 1 ? 'file' : 'files'}`;
  report(`${count}, ${progress.megabytes}${out === undefined ? '' : `, listed in ${out}`}`);
}

/**
 * Returns the ID of the file that the manifest is written to; `undefined` when the file does not exist yet. When the
 * standard output is redirected, the shell creates the file before the command starts.
 */
function outputId(out: string | undefined): string | undefined {
  if (out === undefined) {
    return fileId(fstatSync(1, {bigint: true}));
  }
  let stats: ReturnType<typeof statOutput>;
  try {
    stats = statOutput(out);
  } catch (error) {
    throw new Error(`cannot write --out '${out}': ${reasonOf(error)}`);
  }
  if (stats?.isDirectory()) {
    throw new Error(`cannot write --out '${out}': it is a folder. Name a file.`);
  }
  return stats && fileId(stats);
}

function statOutput(out: string) {
  // Checked before the files are read, which may take an hour.
  statSync(dirname(out));
  return statSync(out, {bigint: true, throwIfNoEntry: false});
}
