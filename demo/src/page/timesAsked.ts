import {control} from './control.ts';

/**
 * How often the hosts were asked for a file, says the log of the server that stands in for them. Where that cannot be
 * reached, none of them can, and nobody is asked any more.
 */
export const timesAsked = async (url: string): Promise<number> => {
  const log = await control('GET', 'log').catch(() => undefined);
  const requests: {url: string}[] = (await log?.json()) ?? [];
  return requests.filter((request) => request.url === url).length;
};
