export {type Clock, LONGEST_TIMER_MS, systemClock} from './Clock.ts';
export {type PauseOptions, pauseBefore} from './pauseBefore.ts';
export {STALLS_AFTER_MS, StallWatch} from './StallWatch.ts';
export {sleep} from './sleep.ts';
export {within} from './within.ts';
