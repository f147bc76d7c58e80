import {createServer} from 'node:https';
import {HOST_NAMES, ORIGIN_NAMES, perOrigin} from '../originNames.ts';
import {closeServer} from './closeServer.ts';
import {listen} from './listen.ts';
import {makeCertificate} from './makeCertificate.ts';
import type {Network} from './Network.ts';

const ALL_NAMES = ORIGIN_NAMES.flatMap((name) => HOST_NAMES[name]);

/** Opens one TLS server for all host names. The Host header selects the origin. */
export const openNames = async (): Promise<Network> => {
  const {cert, key, spkiHash} = await makeCertificate(HOST_NAMES.app[0], ALL_NAMES);
  const server = createServer({cert, key});
  const port = await listen(server, 0);
  const mapped = ALL_NAMES.map((name) => `MAP ${name} 127.0.0.1:${port}`);
  return {
    origin: perOrigin((name) => `https://${HOST_NAMES[name][0]}`),
    port: perOrigin(() => port),
    chromiumArgs: [
      `--host-resolver-rules=${[...mapped, 'MAP * ~NOTFOUND', 'EXCLUDE localhost', 'EXCLUDE 127.0.0.1'].join(', ')}`,
      `--ignore-certificate-errors-spki-list=${spkiHash}`,
    ],
    cdnOrigin: (hostName) => `https://${hostName}`,
    receive: (receive) => {
      server.on('request', (request, response) => {
        const to = ORIGIN_NAMES.find((name) => HOST_NAMES[name].includes(request.headers.host ?? ''));
        if (to) {
          receive(to, request, response);
        } else {
          response.writeHead(421).end(`There is no origin ${request.headers.host}.`);
        }
      });
    },
    close: () => closeServer(server),
  };
};
