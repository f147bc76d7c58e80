import {Persistence} from './Persistence.ts';

/** What this page has asked of its user. It is the one thing that a page remembers between calls. */
export const persistence = new Persistence();
