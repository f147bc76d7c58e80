/** Records, across reloads, that the user turned the worker off. */
const STORAGE_KEY = 'holdfast-demo-off';

export const isTurnedOff = (): boolean => localStorage.getItem(STORAGE_KEY) !== null;

export const setTurnedOff = (isOff: boolean): void => {
  if (isOff) {
    localStorage.setItem(STORAGE_KEY, 'yes');
  } else {
    localStorage.removeItem(STORAGE_KEY);
  }
};
