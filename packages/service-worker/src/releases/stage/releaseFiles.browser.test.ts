import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {pathOf, readFile, removeFile, removeFiles, writeFile} from './releaseFiles.ts';

const LINE = 'places-en';
const releaseOf = (version: string, line = LINE) => ({line, version});

const write = (version: string, file: string, text: string, line = LINE): Promise<void> =>
  writeFile(releaseOf(version, line), file, new Blob([text]).stream());

const read = async (version: string, file: string, line = LINE): Promise<string | undefined> =>
  (await readFile(releaseOf(version, line), file))?.text();

/** The paths of all files and empty folders. */
const paths = async (folder?: FileSystemDirectoryHandle, path = ''): Promise<string[]> => {
  const found: string[] = [];
  for await (const handle of (folder ?? (await navigator.storage.getDirectory())).values()) {
    const own = path + handle.name;
    const inside =
      handle.kind === 'directory' ? await paths(handle as FileSystemDirectoryHandle, `${own}/`) : [];
    found.push(...(inside.length > 0 ? inside : [own]));
  }
  return found.sort();
};

afterEach(async () => {
  const root = await navigator.storage.getDirectory();
  for (const path of await paths()) {
    await root.removeEntry(path.split('/')[0] as string, {recursive: true}).catch(() => undefined);
  }
});

describe('a file of a release', () => {
  it('is read as it was written', async () => {
    await write('v1', 'places.sqlite', 'Ghent');
    expect(await read('v1', 'places.sqlite')).toBe('Ghent');
  });

  it('is where other libraries find it', async () => {
    await write('v1', 'data/places.sqlite', 'Ghent');
    expect(await paths()).toEqual(['holdfast/places-en/v1/data/places.sqlite']);
    expect(pathOf(releaseOf('v1'), 'data/places.sqlite')).toBe('holdfast/places-en/v1/data/places.sqlite');
  });

  it('belongs to its version and its line', async () => {
    await write('v1', 'places.sqlite', 'Ghent');
    await write('v2', 'places.sqlite', 'Bruges');
    await write('v1', 'places.sqlite', 'Gent', 'places-nl');
    expect(await read('v1', 'places.sqlite')).toBe('Ghent');
    expect(await read('v2', 'places.sqlite')).toBe('Bruges');
    expect(await read('v1', 'places.sqlite', 'places-nl')).toBe('Gent');
  });

  it.each(['refs/pr/1', '../v1', 'a\\b', 'v1%2F', 'ä b'])(
    'may belong to a version named %j',
    async (version) => {
      await write(version, 'places.sqlite', 'Ghent', 'org/places');
      expect(await read(version, 'places.sqlite', 'org/places')).toBe('Ghent');
      expect(await paths()).toEqual([pathOf(releaseOf(version, 'org/places'), 'places.sqlite')]);
      await removeFiles('org/places', []);
      expect(await read(version, 'places.sqlite', 'org/places')).toBeUndefined();
    },
  );

  it.each(['.', '..'])('is not written for a version named %j, which is no folder', async (version) => {
    await expect(write(version, 'places.sqlite', 'Ghent')).rejects.toThrow(TypeError);
    expect(await paths()).toEqual(['holdfast/places-en']);
  });

  it('replaces the former file', async () => {
    await write('v1', 'places.sqlite', 'Ghent and Bruges');
    await write('v1', 'places.sqlite', 'Antwerp');
    expect(await read('v1', 'places.sqlite')).toBe('Antwerp');
  });

  it('leaves the former file when its body fails', async () => {
    await write('v1', 'places.sqlite', 'Ghent');
    const broken = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('Bru'));
        controller.error(new TypeError('network error'));
      },
    });
    await expect(writeFile(releaseOf('v1'), 'places.sqlite', broken)).rejects.toThrow('network error');
    expect(await read('v1', 'places.sqlite')).toBe('Ghent');
  });

  it('stays empty when its body fails and there was no former file', async () => {
    let pulls = 0;
    const broken = new ReadableStream({
      pull: (controller) => {
        pulls += 1;
        if (pulls > 20) {
          controller.error(new TypeError('network error'));
        } else {
          controller.enqueue(new Uint8Array(100_000));
        }
      },
    });
    await expect(writeFile(releaseOf('v1'), 'places.sqlite', broken)).rejects.toThrow('network error');
    expect((await read('v1', 'places.sqlite')) ?? '').toBe('');
  });

  it('is missing before it was written, and no folder is made to look for it', async () => {
    expect(await read('v1', 'data/places.sqlite')).toBeUndefined();
    await removeFile(releaseOf('v1'), 'data/places.sqlite');
    await removeFiles(LINE, []);
    expect(await paths()).toEqual([]);
  });

  it('is missing when it was removed, and its neighbors stay', async () => {
    await write('v1', 'places.sqlite', 'Ghent');
    await write('v1', 'names.sqlite', 'Jan');
    await removeFile(releaseOf('v1'), 'places.sqlite');
    expect(await read('v1', 'places.sqlite')).toBeUndefined();
    expect(await read('v1', 'names.sqlite')).toBe('Jan');
  });

  it('rejects with any other error', async () => {
    const broken = new DOMException('broken', 'NotReadableError');
    vi.spyOn(FileSystemFileHandle.prototype, 'getFile').mockRejectedValue(broken);
    await write('v1', 'places.sqlite', 'Ghent');
    await expect(read('v1', 'places.sqlite')).rejects.toBe(broken);
    vi.restoreAllMocks();
  });
});

describe('the files of a line', () => {
  it('are deleted with their releases, except those that are kept', async () => {
    for (const version of ['v1', 'v2', 'v3', 'v4']) {
      await write(version, 'data/places.sqlite', version);
      await write(version, 'names.sqlite', version);
    }
    await removeFiles(LINE, ['v2', 'v4', 'v9']);
    expect(await paths()).toEqual([
      'holdfast/places-en/v2/data/places.sqlite',
      'holdfast/places-en/v2/names.sqlite',
      'holdfast/places-en/v4/data/places.sqlite',
      'holdfast/places-en/v4/names.sqlite',
    ]);
  });

  it('are deleted without those of other lines and of other libraries', async () => {
    await write('v1', 'places.sqlite', 'Ghent');
    await write('v1', 'places.sqlite', 'Ghent', 'places-en-us');
    const root = await navigator.storage.getDirectory();
    await root.getDirectoryHandle(LINE, {create: true});
    await removeFiles(LINE, []);
    expect((await paths()).filter((path) => path !== 'holdfast/places-en')).toEqual([
      'holdfast/places-en-us/v1/places.sqlite',
      LINE,
    ]);
  });

  it('cannot be deleted while one of them is being written, and can be afterwards', async () => {
    await write('v1', 'places.sqlite', 'Ghent');
    let end: () => void = () => undefined;
    const slow = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('Bruges'));
        end = () => controller.close();
      },
    });
    const pipeTo = vi.spyOn(slow, 'pipeTo');
    const written = writeFile(releaseOf('v1'), 'places.sqlite', slow);
    await vi.waitFor(() => expect(pipeTo).toHaveBeenCalled());
    await expect(removeFiles(LINE, [])).rejects.toThrow();
    end();
    await written;
    await removeFiles(LINE, []);
    expect(await read('v1', 'places.sqlite')).toBeUndefined();
  });
});

describe.each<[string, object, string]>([
  ['origin private file system', StorageManager.prototype, 'getDirectory'],
  ['way to write files in a worker', FileSystemFileHandle.prototype, 'createWritable'],
])('in a browser without an %s', (_what, prototype, method) => {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method) as PropertyDescriptor;

  beforeEach(() => {
    Reflect.deleteProperty(prototype, method);
  });

  afterEach(() => {
    Object.defineProperty(prototype, method, descriptor);
  });

  it('every file is missing, and there is nothing to delete', async () => {
    expect(await read('v1', 'places.sqlite')).toBeUndefined();
    await removeFile(releaseOf('v1'), 'places.sqlite');
    await removeFiles(LINE, []);
  });

  it('a write fails with a reason, and leaves no empty file', async () => {
    await expect(write('v1', 'places.sqlite', 'Ghent')).rejects.toMatchObject({
      name: 'NotSupportedError',
      message: 'This browser cannot write files in a service worker.',
    });
    Object.defineProperty(prototype, method, descriptor);
    expect(await paths()).toEqual([]);
  });
});
