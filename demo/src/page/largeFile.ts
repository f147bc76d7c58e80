/** The release of the large file, as the worker's route takes it from the URL. */
export const LARGE_FILE = {line: 'large-file', version: 'v1'};

/** The cache that it is stored in when it is whole. */
export const LARGE_FILE_CACHE = `${LARGE_FILE.line}-${LARGE_FILE.version}`;

/** @param host that of large files. */
export const largeFileUrl = (host: string): string => `${host}/large/${LARGE_FILE.version}/48-mb.bin`;

/** 100 bytes in the middle. */
export const LARGE_FILE_PART = {start: 24_000_000, end: 24_000_100};
