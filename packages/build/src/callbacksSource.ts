import {onOneLine} from './checkFunction.ts';

/** The text of a plugin of the user's. It has nothing but callbacks: that was checked. */
export const callbacksSource = (callbacks: readonly (readonly [name: string, callback: unknown])[]): string =>
  `{${callbacks.map(([name, callback]) => `${name}: ${onOneLine(String(callback))}`).join(', ')}}`;
