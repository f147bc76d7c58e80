import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {control} from './control.ts';
import {messageOf} from './messageOf.ts';

const SLOW = {kind: 'slow', bytesPerSecond: 8_000_000};
const DOWN = {kind: 'status', status: 503};
const WRONG_BYTES = {kind: 'wrong-bytes', match: '/model.onnx'};

/** Sets up the buttons that make the hosts slow, return wrong bytes, or answer 503. */
export const setUpOfflineCard = ({hub, hubCdn, jsdelivr}: DemoOrigins): void => {
  const everywhere = (fault: object): object[] =>
    [hub, hubCdn, jsdelivr].map((origin) => ({match: origin, ...fault}));
  const wire = (id: string, faults: object[], effect: string): void => {
    const simulate = async (): Promise<string> => {
      await control('DELETE', 'faults');
      for (const fault of faults) {
        await control('POST', 'fault', fault);
      }
      return effect;
    };
    byId(id, HTMLButtonElement).addEventListener('click', async () => {
      byId('hosts-status', HTMLElement).textContent = await simulate().catch(messageOf);
    });
  };
  wire(
    'hosts-slow',
    everywhere(SLOW),
    'The hosts now send 8 MB a second. Stored files load as fast as before.',
  );
  wire(
    'hosts-wrong-bytes',
    [WRONG_BYTES],
    'Each model.onnx now has one wrong byte. A release with it does not become current.',
  );
  wire(
    'hosts-down',
    everywhere(DOWN),
    'The hosts now answer 503. Stored files still load; others fail with a message.',
  );
  wire('hosts-up', [], 'The hosts are back to normal.');
};
