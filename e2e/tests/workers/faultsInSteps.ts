/** The worker of the fault sequences, as it is in a browser: it can be killed before any step. */
import './stepping.ts';
import './faults.ts';
