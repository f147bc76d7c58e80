import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {pinned} from './pinned.ts';
import {PYTHON_ARCHIVE} from './pythonArchive.ts';
import type {RouteEntry} from './RouteEntry.ts';

const FILES = new RegExp(`^https://files\\.pythonhosted\\.org/packages/[^?#]+/${PYTHON_ARCHIVE}`);

/**
 * Wheels and source archives on PyPI's file host, where a file never changes.
 *
 * Caches: `pypi-numpy-2.2.5`.
 */
export const pypiFiles = (options: RecipeOptions = {}): RouteEntry[] => [
  pinned(FILES, {prefix: cacheNamed('pypi', options), pattern: FILES}),
];
