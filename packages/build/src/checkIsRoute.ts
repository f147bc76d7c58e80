import type {Place} from './Place.ts';

/**
 * Refuses what is no route: a recipe that was not called, or whose routes were not spread.
 *
 * @throws TypeError that says what to write instead.
 */
export const checkIsRoute = (route: unknown, place: Place): void => {
  if (typeof route === 'function') {
    const name = route.name || 'recipe';
    place.refuse('is a function.', `Call the recipe, and spread its routes: ...${name}().`);
  }
  if (Array.isArray(route)) {
    place.refuse('is a list of routes.', 'Spread it: ...pyodide().');
  }
  if (typeof route !== 'object' || route === null) {
    place.refuse(`is ${String(route)}.`, 'A route is {urlPattern, handler, options}.');
  }
  if (!('urlPattern' in route)) {
    place.refuse('has no urlPattern.', 'A route is {urlPattern, handler, options}.');
  }
};
