import type {AssetSource} from '@holdfast/window';
import {formatBytes} from './format.ts';

const WORDS: Readonly<Record<AssetSource, string>> = {
  fetched: 'downloaded',
  reused: 'reused from another release',
  present: 'already stored',
};

const SOURCES = Object.keys(WORDS) as AssetSource[];

/** `53.2 MB downloaded, 8 MB reused from another release` */
export const inSources = (bytes: Readonly<Record<AssetSource, number>>): string =>
  SOURCES.filter((source) => bytes[source] > 0)
    .map((source) => `${formatBytes(bytes[source])} ${WORDS[source]}`)
    .join(', ');
