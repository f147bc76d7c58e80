import {control} from './control.ts';

/** Counts the requests for a file in the log of the demo's server. If the server is down, no host gets any. */
export const requestCount = async (url: string): Promise<number> => {
  const log = await control('GET', 'log').catch(() => undefined);
  const requests: {url: string}[] = (await log?.json()) ?? [];
  return requests.filter((request) => request.url === url).length;
};
