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
 * @param say tells a person a sentence.
 * @throws Error that names the file and the reason. Nothing is written then.
 */
export async function listRelease(
  request: ReleaseRequest,
  print: (text: string) => void,
  say: (sentence: string) => void,
): Promise<void> {
  const {out} = request;
  const output = outputId(out);
  const sources = 'urls' in request ? urlSources(request.urls) : await folderSources(request, output);
  if (!sources.length) {
    throw new Error('there are no files to list');
  }

  const progress = new Progress(sources.length, say);
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
  // What cannot be read is not written: no file system knows what a URL may hold.
  readManifest(text, 'https://base.invalid/');
  if (out === undefined) {
    print(text);
  } else {
    await writeFile(out, text);
  }
  const count = `${assets.length} ${assets.length === 1 ? 'file' : 'files'}`;
  say(`${count}, ${progress.megabytes}${out === undefined ? '' : `, listed in ${out}`}`);
}

/**
 * The file that the manifest goes to, if there is one yet. The shell makes it before the command starts when the
 * standard output is redirected.
 */
function outputId(out: string | undefined): string | undefined {
  if (out === undefined) {
    return fileId(fstatSync(1, {bigint: true}));
  }
  // Found out now, not after an hour of reading.
  statSync(dirname(out));
  const stats = statSync(out, {bigint: true, throwIfNoEntry: false});
  if (stats?.isDirectory()) {
    throw new Error(`${out} is a folder`);
  }
  return stats && fileId(stats);
}
