import {afterAll, beforeEach} from 'vitest';
import {type Origins, type OriginsOptions, startOrigins} from '../startOrigins.ts';
import {ANY_PORTS} from './anyPorts.ts';
import {makeSmallContent} from './makeSmallContent.ts';

/** Origins for the tests of one file, without faults and with an empty log before each of them. */
export const startForTests = async (options: Partial<OriginsOptions> = {}): Promise<Origins> => {
  const content = await makeSmallContent();
  const origins = await startOrigins({mode: 'localhost', ports: ANY_PORTS, content, ...options});
  beforeEach(() => {
    origins.clearFaults();
    origins.log.clear();
  });
  afterAll(() => origins.close());
  return origins;
};
