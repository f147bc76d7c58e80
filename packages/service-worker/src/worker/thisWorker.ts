import {routedPlugins} from './routes.ts';
import {WorkerState} from './WorkerState.ts';

/** The state of the worker that runs this code: the one variable of a module that changes. */
export const thisWorker = new WorkerState(routedPlugins);
