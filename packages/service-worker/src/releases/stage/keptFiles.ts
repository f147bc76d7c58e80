import type {Pin} from '../staging.ts';

/** The folder of the origin private file system that all is kept in. */
const ROOT = 'holdfast';

/** A line or a version as the name of a folder: the Hub's have slashes. https://fs.spec.whatwg.org/#valid-file-name */
const folderName = (name: string): string => encodeURIComponent(name);

/** Where a release's file is, from the root on. Another library may open it there: it is a file like any other. */
export const pathOf = ({line, version}: {line: string; version: string}, file: string): string =>
  [ROOT, folderName(line), folderName(version), file].join('/');

const folderOf = async (
  names: readonly string[],
  options?: FileSystemGetDirectoryOptions,
): Promise<FileSystemDirectoryHandle> => {
  let folder = await navigator.storage.getDirectory();
  for (const name of names) {
    folder = await folder.getDirectoryHandle(name, options);
  }
  return folder;
};

/** The folder that a file is in, and its name there. */
const place = async (
  {line, version}: Pin,
  file: string,
  options?: FileSystemGetDirectoryOptions,
): Promise<[FileSystemDirectoryHandle, string]> => {
  const names = pathOf({line, version}, file).split('/');
  const name = names.pop() as string;
  return [await folderOf(names, options), name];
};

/** Takes it for `undefined` that something is not there. */
const ifThere = async <Result>(action: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await action();
  } catch (error) {
    if ((error as {name?: unknown} | undefined)?.name === 'NotFoundError') {
      return undefined;
    }
    throw error;
  }
};

/** @returns `undefined` if it is not there. */
export const readFile = (pin: Pin, file: string): Promise<File | undefined> =>
  ifThere(async () => {
    const [folder, name] = await place(pin, file);
    return (await folder.getFileHandle(name)).getFile();
  });

/**
 * Writes a file. What breaks off leaves the former one, or an empty one: the bytes are put into their place at the end.
 * https://fs.spec.whatwg.org/#dom-filesystemfilehandle-createwritable
 */
export const writeFile = async (pin: Pin, file: string, body: ReadableStream): Promise<void> => {
  const [folder, name] = await place(pin, file, {create: true});
  const handle = await folder.getFileHandle(name, {create: true});
  await body.pipeTo(await handle.createWritable());
};

export const removeFile = async (pin: Pin, file: string): Promise<void> => {
  await ifThere(async () => {
    const [folder, name] = await place(pin, file);
    await folder.removeEntry(name);
  });
};

/** Deletes all files of a release. */
export const removeFolder = async (line: string, version: string): Promise<void> => {
  await ifThere(async () => {
    const releases = await folderOf([ROOT, folderName(line)]);
    await releases.removeEntry(folderName(version), {recursive: true});
  });
};

/** Deletes the files of a line's releases, except of some versions. */
export const removeFiles = async (line: string, kept: readonly string[]): Promise<void> => {
  await ifThere(async () => {
    const releases = await folderOf([ROOT, folderName(line)]);
    const keptNames = kept.map(folderName);
    const versions = releases.keys();
    // Not `for await`: a worker that is built for old browsers would need a helper of Babel's for it.
    for (let next = await versions.next(); !next.done; next = await versions.next()) {
      if (!keptNames.includes(next.value)) {
        await releases.removeEntry(next.value, {recursive: true});
      }
    }
  });
};
