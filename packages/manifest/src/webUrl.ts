/** An http or https URL as the URL parser spells it, without credentials and without a fragment. */
const WEB_URL = /^https?:\/\/[^/@]+\/[^#]*$/;

/** Resolves an http or https URL. Returns `undefined` for any other scheme, for credentials and for a fragment. */
export function webUrl(url: string, base: string | URL): string | undefined {
  try {
    const {href} = new URL(url, base);
    return WEB_URL.test(href) ? href : undefined;
  } catch {
    return undefined;
  }
}
