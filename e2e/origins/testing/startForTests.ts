import {afterAll, beforeEach} from 'vitest';
import {type Origins, type OriginsOptions, startOrigins} from '../startOrigins.ts';
import {ANY_PORTS} from './anyPorts.ts';
import {makeSmallContent} from './makeSmallContent.ts';

/** Starts origins for the tests of one file. Before each test there are no faults, and the log is empty. */
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
