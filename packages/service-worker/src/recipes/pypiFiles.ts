import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {pinned} from './pinned.ts';
import {PYTHON_ARCHIVE} from './pythonArchive.ts';
import type {RouteEntry} from './RouteEntry.ts';

const FILES = new RegExp(`^https://files\\.pythonhosted\\.org/packages/[^?#]+/${PYTHON_ARCHIVE}`);

/**
 * Stores wheels and source archives from PyPI's file host, where a file never changes.
 *
 * Caches: `pypi-numpy-2.2.5`.
 */
export const pypiFiles = (options: RecipeOptions = {}): RouteEntry[] => {
  checkRecipe('pypiFiles', options, ['cachePrefix']);
  return [pinned(FILES, {prefix: cacheNamed('pypi', options), pattern: FILES}, {tables: []})];
};
