/**
 * Hosts of heavy assets that answer every site with `Access-Control-Allow-Origin`, so that a request without CORS can be
 * sent with CORS instead. A leading dot means every host below.
 */
export const CORS_HOSTS: readonly string[] = [
  'huggingface.co',
  'hf.co',
  '.hf.co',
  'cdn.jsdelivr.net',
  'unpkg.com',
  'cdnjs.cloudflare.com',
  'esm.sh',
  'fonts.gstatic.com',
  'raw.githubusercontent.com',
];

/** Tells whether the host of a URL is listed, by its name or by a domain that it is below. */
export const isListed = (hosts: readonly string[], {host, hostname}: URL): boolean =>
  hosts.some((listed) =>
    listed.startsWith('.') ? hostname.endsWith(listed) : listed === host || listed === hostname,
  );
