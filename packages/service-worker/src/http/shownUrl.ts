/** Shows a URL in an error or a log: without query, fragment and credentials, in which there may be secrets. */
export const shownUrl = (url: string): string => url.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');
