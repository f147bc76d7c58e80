import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {control} from './control.ts';
import {inWords} from './inWords.ts';

const SLOW = {kind: 'slow', bytesPerSecond: 8_000_000};
const DOWN = {kind: 'status', status: 503};
const SPOILT = {kind: 'wrong-bytes', match: '/model.onnx'};

/** Sets up the buttons that make the hosts slow, send wrong bytes, or answer 503. */
export const setUpOfflineCard = ({hub, hubCdn, jsdelivr}: DemoOrigins): void => {
  const everywhere = (fault: object): object[] =>
    [hub, hubCdn, jsdelivr].map((origin) => ({match: origin, ...fault}));
  const wire = (id: string, faults: object[], effect: string): void => {
    const pretend = async (): Promise<string> => {
      await control('DELETE', 'faults');
      for (const fault of faults) {
        await control('POST', 'fault', fault);
      }
      return effect;
    };
    byId(id, HTMLButtonElement).addEventListener('click', async () => {
      byId('hosts-status', HTMLElement).textContent = await pretend().catch(inWords);
    });
  };
  wire(
    'hosts-slow',
    everywhere(SLOW),
    'Every file comes at 8 MB a second now. What is stored is as fast as before.',
  );
  wire(
    'hosts-spoil',
    [SPOILT],
    'Every model.onnx comes with one wrong byte now. A release with it does not become current.',
  );
  wire(
    'hosts-down',
    everywhere(DOWN),
    'The hosts answer 503 now. What is stored still loads, the rest says so.',
  );
  wire('hosts-up', [], 'The hosts are as they were.');
};
