/** Options of every recipe. */
export interface RecipeOptions {
  /**
   * Goes before the names of all caches, with a dash: with `notes`, `pyodide-314.0.7` is `notes-pyodide-314.0.7`. For two
   * apps on one origin.
   *
   * @default none
   */
  cachePrefix?: string | undefined;
}

/** Returns what the names of a recipe's caches begin with. */
export const cacheNamed = (name: string, {cachePrefix}: RecipeOptions): string =>
  cachePrefix ? `${cachePrefix}-${name}` : name;
