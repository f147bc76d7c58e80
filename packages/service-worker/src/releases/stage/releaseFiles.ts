/** What a release is called by: a pin has it. */
interface Release {
  readonly line: string;
  readonly version: string;
}

/** The folder of the origin private file system that holds all releases. */
const ROOT = 'holdfast';

/** Names a line or a version as a folder: the Hub's have slashes. https://fs.spec.whatwg.org/#valid-file-name */
const folderName = (name: string): string => encodeURIComponent(name);

/** Returns the path of a release's file from the root. Other libraries may open it there. */
export const pathOf = ({line, version}: Release, file: string): string =>
  [ROOT, folderName(line), folderName(version), file].join('/');

const hasFiles = (): boolean => Boolean(navigator.storage && 'getDirectory' in navigator.storage);

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

/** Returns the folder of a file, and its name there. */
const locate = async (
  release: Release,
  file: string,
  options?: FileSystemGetDirectoryOptions,
): Promise<[FileSystemDirectoryHandle, string]> => {
  const names = pathOf(release, file).split('/');
  const name = names.pop() as string;
  return [await folderOf(names, options), name];
};

/** A private window of Firefox or Safari has the calls, and refuses the file system. */
const MISSING: readonly unknown[] = ['NotFoundError', 'SecurityError', 'NotSupportedError'];

/** Resolves to `undefined` where a file or a folder is missing, or the browser has no such file system. */
const ifThere = async <Result>(action: () => Promise<Result>): Promise<Result | undefined> => {
  try {
    return await (hasFiles() ? action() : undefined);
  } catch (error) {
    if (MISSING.includes((error as {name?: unknown} | undefined)?.name)) {
      return undefined;
    }
    throw error;
  }
};

/** Returns a file of a release; `undefined` where it is missing. */
export const readFile = (release: Release, file: string): Promise<File | undefined> =>
  ifThere(async () => {
    const [folder, name] = await locate(release, file);
    return (await folder.getFileHandle(name)).getFile();
  });

/**
 * Writes a file. A body that fails leaves the former file, or an empty one: the bytes take their place at the end.
 * https://fs.spec.whatwg.org/#dom-filesystemfilehandle-createwritable
 *
 * @throws DOMException `NotSupportedError` where the browser cannot: Safari before 26, say.
 */
export const writeFile = async (release: Release, file: string, body: ReadableStream): Promise<void> => {
  if (!(hasFiles() && 'createWritable' in FileSystemFileHandle.prototype)) {
    throw new DOMException('This browser cannot write files in a service worker.', 'NotSupportedError');
  }
  const [folder, name] = await locate(release, file, {create: true});
  const handle = await folder.getFileHandle(name, {create: true});
  await body.pipeTo(await handle.createWritable());
};

export const removeFile = async (release: Release, file: string): Promise<void> => {
  await ifThere(async () => {
    const [folder, name] = await locate(release, file);
    await folder.removeEntry(name);
  });
};

/** Deletes all files of a release. */
export const removeFolder = async ({line, version}: Release): Promise<void> => {
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
    // Not `for await`: for old browsers Babel would add a helper.
    for (let next = await versions.next(); !next.done; next = await versions.next()) {
      if (!keptNames.includes(next.value)) {
        await releases.removeEntry(next.value, {recursive: true});
      }
    }
  });
};
