import {createServer, type Server} from 'node:http';
import {LOCALHOST_PORTS, ORIGIN_NAMES, type PerOrigin, perOrigin} from '../originNames.ts';
import {closeServer} from './closeServer.ts';
import {listen} from './listen.ts';
import type {Network} from './Network.ts';

/** More than one, so that an origin with another port does not take that of the next origin. */
const PORT_STEP = 10;

const isTaken = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

const listenNear = async (server: Server, port: number): Promise<number> => {
  try {
    return await listen(server, port);
  } catch (error) {
    if (isTaken(error)) {
      return listenNear(server, port + PORT_STEP);
    }
    throw error;
  }
};

/** Opens a plain HTTP server for each origin. Browsers allow service workers on localhost. */
export const openLocalhost = async (
  wishes: Partial<PerOrigin<number>>,
  say: (sentence: string) => void,
): Promise<Network> => {
  const servers = perOrigin(() => createServer());
  const ports = new Map<string, number>();
  for (const name of ORIGIN_NAMES) {
    const wish = wishes[name] ?? LOCALHOST_PORTS[name];
    const port = await listenNear(servers[name], wish);
    ports.set(name, port);
    if (wish !== 0 && port !== wish) {
      say(`Port ${wish} is taken, so the origin '${name}' is on port ${port}.`);
    }
  }
  const port = perOrigin((name) => ports.get(name) ?? 0);
  return {
    origin: perOrigin((name) => `http://localhost:${port[name]}`),
    port,
    chromiumArgs: [],
    cdnOrigin: () => `http://localhost:${port.hubCdn}`,
    receive: (receive) => {
      for (const name of ORIGIN_NAMES) {
        servers[name].on('request', (request, response) => receive(name, request, response));
      }
    },
    close: async () => {
      await Promise.all(Object.values(servers).map(closeServer));
    },
  };
};
