/** The worker of the fault sequences for a browser: it can be killed before any step. */
import './stepping.ts';
import './faults.ts';
