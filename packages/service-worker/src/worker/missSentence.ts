import {shownUrl} from '../http/shownUrl.ts';
import type {MissedRoute} from './MissedRoute.ts';

const TEXTS: Readonly<Record<MissedRoute['because'], (takes: string) => string>> = {
  origin: () =>
    'its RegExp matches only in the middle of it. For URLs of another origin it must match from the first character: begin ' +
    'it with `^https:\\/\\/` and the host.',
  method: (takes) => `it takes ${takes} requests. Request the URL so, or register the route for the method.`,
  destination: (takes) =>
    `it takes requests of other destinations: ${takes}. Pass the one of your request, as in explain(url, ` +
    "{destination: 'image'}), or widen the route.",
};

/** Says why a route does not take the requests for a URL, and what to do. */
export const missSentence = (url: string, {index, because, takes}: MissedRoute): string => {
  const all = takes.map((one) => one || 'none, as fetch() has it').join(', ');
  return `No route takes '${shownUrl(url)}'. Route ${index} would, but ${TEXTS[because](all)}`;
};
