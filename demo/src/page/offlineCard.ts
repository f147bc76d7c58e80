import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {inWords} from './inWords.ts';

const control = async (method: string, call: string, body?: unknown): Promise<void> => {
  const response = await fetch(`/__control/${call}`, {
    method,
    ...(body ? {body: JSON.stringify(body)} : {}),
  }).catch((cause: unknown) => {
    throw new Error('The demo’s server cannot be reached.', {cause});
  });
  if (!response.ok) {
    throw new Error(`The demo’s server answered ${response.status}: it is not one that can pretend.`);
  }
};

const SLOW = {kind: 'slow', bytesPerSecond: 8_000_000};
const DOWN = {kind: 'status', status: 503};

/** Sets up the buttons that make the hosts slow, or answer 503. */
export const setUpOfflineCard = ({hub, hubCdn, jsdelivr}: DemoOrigins): void => {
  const wire = (id: string, fault: object | undefined, effect: string): void => {
    const pretend = async (): Promise<string> => {
      await control('DELETE', 'faults');
      for (const origin of fault ? [hub, hubCdn, jsdelivr] : []) {
        await control('POST', 'fault', {match: origin, ...fault});
      }
      return effect;
    };
    byId(id, HTMLButtonElement).addEventListener('click', async () => {
      byId('hosts-status', HTMLElement).textContent = await pretend().catch(inWords);
    });
  };
  wire('hosts-slow', SLOW, 'Every file comes at 8 MB a second now. What is stored is as fast as before.');
  wire('hosts-down', DOWN, 'The hosts answer 503 now. What is stored still loads, the rest says so.');
  wire('hosts-up', undefined, 'The hosts are as they were.');
};
