/** The cache that the worker keeps {@link PAGE_DATA} in. */
export const SHELL_DATA_CACHE = 'demo-page-data';

/** What the page reads at its start and the build does not know: where the hosts are, and what they have. */
export const PAGE_DATA = ['/origins.js', '/content.json'];
