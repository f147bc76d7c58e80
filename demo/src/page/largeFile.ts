import {cacheNameOf} from './cacheNameOf.ts';

/** The release of the large file: the name of the worker's route, and the version in the URL. */
export const LARGE_FILE = {line: 'large-file', version: 'v1'};

/** The cache that stores the complete file. */
export const LARGE_FILE_CACHE = cacheNameOf(LARGE_FILE.line, LARGE_FILE.version);

/** @param host the origin of large files. */
export const largeFileUrl = (host: string): string => `${host}/large/${LARGE_FILE.version}/48-mb.bin`;

/** 100 bytes in the middle. */
export const LARGE_FILE_PART = {start: 24_000_000, end: 24_000_100};
