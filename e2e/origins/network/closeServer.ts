import type {Server} from 'node:http';

/** Closes a server. Aborts requests in progress. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
