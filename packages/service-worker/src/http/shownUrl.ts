import {TOKENS} from './holdsSecret.ts';
import {publicKey} from './partition.ts';

/** A value in a path: `bcdn_token=…`, `exp=…~hmac=…`. */
const VALUE = /(\/[^/=]*=)[^/]*/g;

/** A component of a path that is random text, or a JSON Web Token. A digest in hexadecimal digits, and a name, stay. */
const TOKEN = /\/(?=[^/]*[A-Za-z\d]{20})(?=[^/]*[a-z])(?=[^/]*[A-Z])(?=[^/]*\d)(?=eyJ|[^/.]*(?:\/|$))[^/]+/g;

/**
 * Shows a URL in an error, a log or an event: without query, fragment and credentials, in which there may be secrets, and
 * without tokens in the path. The one function that does.
 */
export const shownUrl = (url: string): string =>
  publicKey(url)
    .replace(/(?:[?#]|%3f[\w-]{1,40}%3d).*$/is, '')
    .replace(/^([a-z][a-z\d+.-]*:[/\\]*|[/\\]{2,})[^/\\]*@/i, '$1')
    // The same of a URL within this one.
    .replace(/(:\/\/|%3a%2f%2f)(?:(?!%2f)[^/]){1,200}(?:@|%40)/gi, '$1')
    .replace(TOKENS, '/…')
    .replace(VALUE, '$1…')
    .replace(TOKEN, '/…');

/**
 * Shows a text of which a browser has made a part: its errors may name the URL that they are about. A quote in a URL
 * ends it only where the text goes on.
 */
export const shownText = (text: string): string =>
  text.replace(/[a-z][a-z\d+.-]{0,30}:[/\\]{2}(?:[^\s'"]|'(?![\s)\].,;:]|$))+/gi, shownUrl);
