import {shownUrl} from '../http/shownUrl.ts';
import type {Explanation} from './protocol.ts';

/** Returns the explanation of a URL of which nothing is known. */
export const nothingKnown = (url: string): Explanation => ({
  url: shownUrl(url),
  route: null,
  missed: [],
  key: null,
  release: null,
  stored: null,
  isOwn: false,
  download: null,
  refusal: null,
  isBlocked: false,
  isTurnedOff: false,
});
