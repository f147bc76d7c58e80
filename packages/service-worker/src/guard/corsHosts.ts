/**
 * Hosts of heavy assets that answer `Access-Control-Allow-Origin` to anybody, so that what is asked of them
 * without CORS may as well be asked with it. A leading dot means every host below.
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

/** Whether a URL's host is one of the listed ones, exactly or below one that begins with a dot. */
export const isListed = (hosts: readonly string[], {host, hostname}: URL): boolean =>
  hosts.some((listed) =>
    listed.startsWith('.') ? hostname.endsWith(listed) : listed === host || listed === hostname,
  );
