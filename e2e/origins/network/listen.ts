import {once} from 'node:events';
import type {Server} from 'node:http';
import type {AddressInfo} from 'node:net';

/** Starts a server on this machine only, and returns its port. 0 stands for any free port. */
export const listen = async (server: Server, port: number): Promise<number> => {
  // Longer than a test takes: a browser that reuses a connection while it is being closed gets an error.
  server.keepAliveTimeout = 120_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
