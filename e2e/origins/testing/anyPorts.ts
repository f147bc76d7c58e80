import {perOrigin} from '../originNames.ts';

/** Free ports, so that tests neither wait for each other nor for a demo that runs. */
export const ANY_PORTS = perOrigin(() => 0);
