import type {Server} from 'node:http';

/** Does not wait for clients: requests under way are aborted. */
export const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
