/** What all recipes can be told. */
export interface RecipeOptions {
  /**
   * Stands before the names of all caches, with a dash: `notes` makes `notes-pyodide-314.0.7` of
   * `pyodide-314.0.7`. For two apps on one origin.
   *
   * @default none
   */
  cachePrefix?: string | undefined;
}

/** The beginning of a cache's name, under the recipe's own name. */
export const cacheNamed = (name: string, {cachePrefix}: RecipeOptions): string =>
  cachePrefix ? `${cachePrefix}-${name}` : name;
