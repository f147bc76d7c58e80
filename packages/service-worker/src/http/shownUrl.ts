/** A value in a path: `bcdn_token=…`, `exp=…~hmac=…`. */
const VALUE = /(\/[^/=]*=)[^/]*/g;

/** A component of a path that is random text, or a JSON Web Token. A digest in hexadecimal digits, and a name, stay. */
const TOKEN = /\/(?=[^/]*[A-Za-z\d]{20})(?=[^/]*[a-z])(?=[^/]*[A-Z])(?=[^/]*\d)(?=eyJ|[^/.]*(?:\/|$))[^/]+/g;

/**
 * Shows a URL in an error, a log or an event: without query, fragment and credentials, in which there may be secrets, and
 * without tokens in the path. The one function that does.
 */
export const shownUrl = (url: string): string =>
  url
    .replace(/[?#].*$/s, '')
    .replace(/^([a-z][a-z\d+.-]*:[/\\]*|[/\\]{2,})[^/\\]*@/i, '$1')
    .replace(VALUE, '$1…')
    .replace(TOKEN, '/…');

/** Shows a text of which a browser has made a part: its errors may name the URL that they are about. */
export const shownText = (text: string): string =>
  text.replace(/[a-z][a-z\d+.-]{0,30}:\/\/[^\s'"]+/gi, shownUrl);
