import {byId} from './byId.ts';

/** Runs a long task, with a button to stop it. */
export const stoppable = async <Result>(task: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
  const controller = new AbortController();
  const button = byId('stop', HTMLButtonElement);
  button.onclick = () => {
    byId('load', HTMLButtonElement).focus();
    controller.abort(new Error('stopped. What is stored stays.'));
  };
  button.hidden = false;
  try {
    return await task(controller.signal);
  } finally {
    button.hidden = true;
  }
};
