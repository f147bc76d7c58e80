/** A file system for SQLite over range requests, as libraries have it that read remote databases. */
import type {Sqlite3Static} from '@sqlite.org/sqlite-wasm';

/** The size of the header of a database: https://sqlite.org/fileformat.html#the_database_header */
const HEADER_BYTES = 100;
const LONGEST_URL = 1024;

/** Requests a part, synchronously, as SQLite needs it. @throws what the request throws; an Error for another answer. */
const requestPart = (url: string, start: number, end: number): XMLHttpRequest => {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.responseType = 'arraybuffer';
  request.setRequestHeader('range', `bytes=${start}-${end - 1}`);
  request.send();
  if (request.status !== 206) {
    throw new Error(`A request for a part was answered with ${request.status}.`);
  }
  return request;
};

const requestSize = (url: string): number => {
  const contentRange = requestPart(url, 0, HEADER_BYTES).getResponseHeader('content-range');
  return Number(contentRange?.split('/')[1]);
};

/** An error must not go through SQLite's own code. */
const attempt = <Code extends number>(work: () => Code, failure: Code): Code => {
  try {
    return work();
  } catch {
    return failure;
  }
};

/**
 * Lets SQLite open URLs, to read them: `vfs: 'ranges'`. https://sqlite.org/vfs.html
 *
 * It asks for each page that it needs by itself; of a host that has no ranges it opens nothing.
 */
export const installRangeVfs = ({capi, vfs: {installVfs}, wasm}: Sqlite3Static): void => {
  const {SQLITE_OK, SQLITE_CANTOPEN, SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ} = capi;
  const open = new Map<number, {url: string; size: number}>();

  const io = Object.assign(new capi.sqlite3_io_methods(), {$iVersion: 1});
  installVfs({
    io: {
      struct: io,
      methods: {
        xClose: (file) => {
          open.delete(file);
          return SQLITE_OK;
        },
        xRead: (file, target, length, offset) =>
          attempt(() => {
            const {url, size} = open.get(file) ?? {url: '', size: 0};
            const start = Number(offset);
            const end = Math.min(start + length, size);
            const {response} = start < end ? requestPart(url, start, end) : {response: []};
            const heap = wasm.heap8u();
            heap.fill(0, target, target + length);
            heap.set(new Uint8Array(response), target);
            return end - start === length ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
          }, SQLITE_IOERR_READ),
        xFileSize: (file, result) => {
          wasm.poke64(result, BigInt(open.get(file)?.size ?? 0));
          return SQLITE_OK;
        },
        xFileControl: () => capi.SQLITE_NOTFOUND,
        // A file that is never written needs no locks and no journal. The type takes this for a result.
        xDeviceCharacteristics: () => capi.SQLITE_IOCAP_IMMUTABLE as typeof SQLITE_OK,
      },
    },
  });

  const {$xRandomness, $xSleep, $xCurrentTime} = new capi.sqlite3_vfs(
    capi.sqlite3_vfs_find(null),
  ) as unknown as Record<string, number>;
  installVfs({
    vfs: {
      name: 'ranges',
      struct: Object.assign(new capi.sqlite3_vfs(), {
        $iVersion: 1,
        $szOsFile: capi.sqlite3_file.prototype.structInfo.sizeof,
        $mxPathname: LONGEST_URL,
        $xRandomness,
        $xSleep,
        $xCurrentTime,
      }),
      methods: {
        xOpen: (_vfs, name, file, flags, flagsOfFile) =>
          attempt(() => {
            const url = wasm.cstrToJs(name) ?? '';
            open.set(file, {url, size: requestSize(url)});
            wasm.poke32(flagsOfFile, flags);
            new capi.sqlite3_file(file).$pMethods = io.pointer;
            return SQLITE_OK;
          }, SQLITE_CANTOPEN),
        xFullPathname: (_vfs, name, length, result) =>
          wasm.cstrncpy(result, name, length) < length ? SQLITE_OK : SQLITE_CANTOPEN,
        // There is no other file.
        xAccess: (_vfs, _name, _flags, result) => {
          wasm.poke32(result, 0);
          return SQLITE_OK;
        },
      },
    },
  });
};
