import {OptionsChecker} from '../options/OptionsChecker.ts';

/**
 * Refuses options that a recipe does not have. In every build: recipes run where a worker is made, and there
 * `NODE_ENV` is the worker's.
 *
 * @throws TypeError that names the option and those that there are.
 */
export const checkRecipe = (recipe: string, options: object, names: readonly string[]): void => {
  const checker: OptionsChecker = new OptionsChecker(recipe);
  checker.checkFields(options, '', names);
};
