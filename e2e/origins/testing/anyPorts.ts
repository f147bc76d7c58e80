import {perOrigin} from '../originNames.ts';

/** Free ports, so that tests run beside each other and beside the demo. */
export const ANY_PORTS = perOrigin(() => 0);
