import {byId} from './byId.ts';

/** Shows whether the browser has a network. */
export const showNetworkState = (): void => {
  const draw = (): void => {
    const state = byId('network-state', HTMLElement);
    state.textContent = navigator.onLine ? 'Network: online' : 'Network: offline';
    state.dataset.state = navigator.onLine ? 'good' : 'bad';
  };
  addEventListener('online', draw);
  addEventListener('offline', draw);
  draw();
};
