import type {IncomingMessage, ServerResponse} from 'node:http';
import type {OriginName} from '../originNames.ts';

export type Receive = (to: OriginName, request: IncomingMessage, response: ServerResponse) => void;

/** The sockets of all origins. */
export interface Network {
  readonly origin: Readonly<Record<OriginName, string>>;
  readonly port: Readonly<Record<OriginName, number>>;
  readonly chromiumArgs: readonly string[];
  /** Returns the origin of one of the Hub's CDN hosts. */
  cdnOrigin(hostName: string): string;
  receive(receive: Receive): void;
  close(): Promise<void>;
}
